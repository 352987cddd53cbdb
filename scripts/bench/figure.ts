import { spreadOf } from './statistics'

export type Unit = '×' | '%' | 'ms' | 's' | 'MB' | 'kB' | 'texts/s'

/** What the product wants to reach. */
export interface Aim {
  readonly bound: 'at most' | 'at least' | 'below'
  readonly value: number
}

/** One line of the benchmark's table. */
export interface Figure {
  /** Model and number format, or the page as a whole. */
  readonly subject: string
  readonly measure: string
  /** The median where there is more than one sample. */
  readonly value: number
  readonly unit: Unit
  readonly quartiles?: readonly [number, number]
  readonly samples?: number
  readonly aim?: Aim
}

/** A figure from samples in `unit`. */
export function figure(
  subject: string,
  measure: string,
  unit: Unit,
  samples: readonly number[],
  aim?: Aim,
): Figure {
  const { median, quartiles } = spreadOf(samples)
  const several = samples.length > 1 ? { quartiles, samples: samples.length } : {}
  return { subject, measure, value: median, unit, ...several, ...(aim && { aim }) }
}

/** Whether the aim is reached; undefined where there is none. */
export function isReached({ value, aim }: Figure): boolean | undefined {
  if (!aim) return undefined
  if (aim.bound === 'at least') return value >= aim.value
  return aim.bound === 'at most' ? value <= aim.value : value < aim.value
}
