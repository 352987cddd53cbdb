/** The keys of the Classify view: one list for what they do and for the panel that shows them. */
export type Command =
  'classify' | 'pause' | 'stop' | 'next row' | 'previous row' | 'export' | 'search' | 'show keys'

export interface KeyHelp {
  readonly keys: readonly string[]
  readonly does: string
}

export const KEY_HELP: readonly KeyHelp[] = [
  { keys: ['Ctrl+Enter', '⌘+Enter'], does: 'Classify the text' },
  { keys: ['P'], does: 'Pause a run; resume it' },
  { keys: ['Esc'], does: 'Stop a run; close a panel' },
  { keys: ['J', '↓'], does: 'Next row' },
  { keys: ['K', '↑'], does: 'Previous row' },
  { keys: ['Enter'], does: 'Open or close the row' },
  { keys: ['←', '→'], does: 'In an open row, from word to word' },
  { keys: ['E'], does: 'Export as CSV' },
  { keys: ['/'], does: 'Search the results' },
  { keys: ['?'], does: 'Show or hide these keys' },
]

const SINGLE_KEYS: Readonly<Record<string, Command>> = {
  j: 'next row',
  k: 'previous row',
  e: 'export',
  p: 'pause',
  '/': 'search',
  '?': 'show keys',
}

/** Whether letters typed there are text. */
export const takesText = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('textarea, select, input:not([type="radio"], [type="checkbox"])') !== null

const takesArrows = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, select, textarea, [role="group"], [popover]') !== null

/** The command of a key press, or undefined; single letters mean nothing while a field is typed in. */
export function commandOf(event: KeyboardEvent): Command | undefined {
  if (event.defaultPrevented || event.isComposing) return undefined
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return 'classify'
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  if (event.key === 'Escape') return 'stop'
  if (event.key === 'ArrowDown' && !takesArrows(event.target)) return 'next row'
  if (event.key === 'ArrowUp' && !takesArrows(event.target)) return 'previous row'
  if (takesText(event.target)) return undefined
  return SINGLE_KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key]
}
