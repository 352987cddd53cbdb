/** How the page writes numbers: the same digits after the point everywhere, so that columns line up. */
import { formatCount } from '../domain/number-words'

export {
  formatBytes,
  formatCount,
  formatMilliseconds,
  formatPercent,
  formatShare,
} from '../domain/number-words'

/** A change of probability with its sign, none where it rounds to nothing; a true minus, as wide as the plus. */
export function formatChange(change: number): string {
  const digits = Math.abs(change).toFixed(2)
  if (digits === '0.00') return digits
  return `${change < 0 ? '−' : '+'}${digits}`
}

/** A log-probability (natural logarithm). */
export const formatLog = (log: number): string => (log < 0 ? `−${Math.abs(log).toFixed(2)}` : log.toFixed(2))

/** A duration as a person says it: `840 ms`, `13.2 s`, `2 min 10 s`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** Time left, rounded so that it does not flicker: `3 s`, `2 min`, `2 h 10 min`. */
export function formatTimeLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 100) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export const formatRate = (perSecond: number): string =>
  `${perSecond < 100 ? perSecond.toFixed(1) : perSecond.toFixed(0)}/s`

export const formatParameters = (parameters: number): string =>
  parameters < 1e9 ? `${(parameters / 1e6).toFixed(1)}M` : `${(parameters / 1e9).toFixed(1)}B`

/** `1 line`, `412 lines`. */
export const formatLines = (lines: number): string =>
  `${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'}`
