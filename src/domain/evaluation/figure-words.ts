/** Figures of a comparison and their intervals in words. */
import { formatPercent, formatShare } from '../number-words'
import type { Interval } from '../statistics/interval'

const signed = (value: number): string => (value < 0 ? `−${Math.abs(value).toFixed(2)}` : value.toFixed(2))

/** A correlation, from −1 to 1. */
export const correlationWords = signed

/** `80.1 to 84.9 %`. */
export const percentInterval = ({ low, high }: Interval): string =>
  `${formatPercent(low).replace(' %', '')} to ${formatPercent(high)}`

export const shareInterval = (interval: Interval | undefined): string =>
  interval ? `${formatShare(interval.low)} to ${formatShare(interval.high)}` : ''

/** A difference of two shares in points, with its sign. */
export function pointsWords(difference: number): string {
  const digits = Math.abs(difference * 100).toFixed(1)
  if (digits === '0.0') return digits
  return `${difference < 0 ? '−' : '+'}${digits}`
}

export const pointsInterval = (interval: Interval | undefined): string =>
  interval ? `${pointsWords(interval.low)} to ${pointsWords(interval.high)}` : ''
