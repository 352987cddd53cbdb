/** Which key does what while labelling; any of them can be changed. */

/** Labels by their place, 1 to 10; then what else one does with an item. */
export const LABEL_PLACES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const
export const ITEM_COMMANDS = [
  'accept',
  'skip',
  'flag',
  'note',
  'clear',
  'undo',
  'redo',
  'next',
  'previous',
  'next to do',
] as const
export type ItemCommand = (typeof ITEM_COMMANDS)[number]
export type LabelCommand = `label ${(typeof LABEL_PLACES)[number]}` | ItemCommand

/** The key of each command as {@link keyName} writes it; a command without a key has none. */
export type KeyMap = Readonly<Partial<Record<LabelCommand, string>>>

export const LABEL_COMMANDS: readonly LabelCommand[] = [
  ...LABEL_PLACES.map((place) => `label ${place}` as const),
  ...ITEM_COMMANDS,
]

export const DEFAULT_KEYS: KeyMap = {
  ...Object.fromEntries(LABEL_PLACES.map((place) => [`label ${place}`, String(place % 10)])),
  accept: 'Enter',
  skip: 'S',
  flag: 'F',
  note: 'N',
  clear: 'Delete',
  undo: 'Z',
  redo: 'Shift+Z',
  next: 'J',
  previous: 'K',
  'next to do': 'T',
}

/** Keys that the browser or a screen reader needs for itself. */
const RESERVED = new Set([
  'Tab',
  'Shift+Tab',
  'Escape',
  'Shift',
  'Control',
  'Alt',
  'Meta',
  'F1',
  'F5',
  'F11',
  'F12',
  '?',
])

/** A pressed key in one word, e.g. `A`, `Shift+A`, `Enter`; a sign that needs Shift by itself, such as `!`, goes without it. */
export function keyName({ key, shiftKey }: { readonly key: string; readonly shiftKey: boolean }): string {
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key
  const isLetterOrNamed = name.length > 1 || name.toLowerCase() !== name
  return shiftKey && isLetterOrNamed && !['Shift', 'Control', 'Alt', 'Meta'].includes(name)
    ? `Shift+${name}`
    : name
}

export function commandOfKey(keys: KeyMap, name: string): LabelCommand | undefined {
  return LABEL_COMMANDS.find((command) => keys[command] === name)
}

/**
 * The keys with one changed; a command that had the key before is left without one. The same map comes back where the key
 * cannot be used.
 */
export function withKey(keys: KeyMap, command: LabelCommand, name: string): KeyMap {
  if (RESERVED.has(name)) return keys
  const others = Object.entries(keys).filter(([, key]) => key !== name)
  return { ...Object.fromEntries(others), [command]: name }
}
