/** Numbers as they are written in the page and in what is saved from it: the same digits after the point everywhere. */
const counts = new Intl.NumberFormat('en-US')

export const formatCount = (count: number): string => counts.format(count)

/** A probability or a difference of two, with two digits; 0.999 is not rounded up to certainty. */
export function formatShare(share: number): string {
  if (share < 1 && share >= 0.995) return '0.99'
  return share.toFixed(2)
}

/** A share of a whole, e.g. `99.6 %`; `100 %` only where it is all of it. */
export const formatPercent = (share: number): string =>
  share === 1 ? '100 %' : `${Math.min(share * 100, 99.9).toFixed(1)} %`

export const formatMilliseconds = (ms: number): string => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0))

/** Decimal units, as operating systems show downloads. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(Math.sign(bytes), Math.round(bytes / 1e3))} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
