import type { Hue } from './label-look'

export interface BarPart {
  readonly hue: Hue
  /** From 0 to 1. */
  readonly share: number
  /** The winner is in full colour, hatched when it is not sure. */
  readonly look: 'winner' | 'hatched winner' | 'other'
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`
const faint = (hue: Hue, strength: number): string =>
  `color-mix(in oklab, var(--${hue}) ${strength}%, var(--surface))`

/**
 * A stacked bar as the background of a single element, with a pixel between its parts: a list draws a bar in every row, and
 * an element for each part made rows twice as slow to lay out.
 */
export function barBackground(parts: readonly BarPart[]): string {
  const stops: string[] = []
  const layers: string[] = []
  let start = 0
  for (const { hue, share, look } of parts) {
    const end = start + share
    const from = start === 0 ? '0%' : `calc(${percent(start)} + 1px)`
    const colour = look === 'other' ? faint(hue, 30) : look === 'winner' ? `var(--${hue})` : 'transparent'
    stops.push(`${colour} ${from} ${percent(end)}`, `transparent ${percent(end)} calc(${percent(end)} + 1px)`)
    // A position in per cent counts over what the layer leaves free.
    const position = share < 1 ? start / (1 - share) : 0
    if (look === 'hatched winner')
      layers.push(
        `repeating-linear-gradient(-55deg, var(--${hue}) 0 2px, ${faint(hue, 22)} 2px 5px) ` +
          `${percent(position)} 0 / ${percent(share)} 100% no-repeat`,
      )
    start = end
  }
  return [...layers, `linear-gradient(to right, ${stops.join(', ')})`].join(', ')
}
