/** Sizes that all charts share, in units of their view box. */
export const WIDTH = 640
export const HEIGHT = 320
export const LEFT = 56
export const RIGHT = 24
export const TOP = 24
export const BOTTOM = 48

export interface Tick {
  readonly at: number
  readonly words: string
}

const HUES = ['blue', 'orange', 'green', 'purple', 'sky', 'vermillion', 'yellow'] as const

/** The colour of the set-up of this number, from 1; its number stands beside it, for colours repeat. */
export const hueOf = (number: number): (typeof HUES)[number] => HUES[(number - 1) % HUES.length] ?? 'blue'
