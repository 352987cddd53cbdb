/** Agreement of two annotators beyond chance. */
import { Z_95, type Interval } from '../statistics/interval'

export interface Kappa {
  /** Texts that both labelled. */
  readonly n: number
  /** Share of texts that got the same label, and the share that would by chance. */
  readonly observed: number
  readonly expected: number
  /** Undefined where nothing was labelled by both, or both gave one and the same label throughout. */
  readonly kappa: number | undefined
  /** At 95 %, asymptotic: too narrow for few texts. */
  readonly interval: Interval | undefined
}

/**
 * Cohen's κ of a table of counts [first annotator][second annotator] in one label order.
 * Source: J. Cohen (1960), Educ. Psychol. Meas. 20, 37–46; the standard error is that of J. L. Fleiss, J. Cohen &
 * B. S. Everitt (1969), Psychol. Bull. 72, 323–327, eq. 13.
 */
export function cohenKappa(counts: readonly (readonly number[])[]): Kappa {
  const n = counts.flat().reduce((sum, count) => sum + count, 0)
  const share = (row: number, column: number): number => (counts[row]?.[column] ?? 0) / n
  const places = counts.map((_, place) => place)
  const total = (valueOf: (place: number) => number): number =>
    places.reduce((sum, place) => sum + valueOf(place), 0)
  const first = places.map((row) => total((column) => share(row, column)))
  const second = places.map((column) => total((row) => share(row, column)))
  const observed = n === 0 ? 0 : total((place) => share(place, place))
  const expected = n === 0 ? 0 : total((place) => first[place]! * second[place]!)
  if (n === 0 || expected >= 1) return { n, observed, expected, kappa: undefined, interval: undefined }
  const kappa = (observed - expected) / (1 - expected)
  const rest = 1 - kappa
  const agreeing = total((i) => share(i, i) * (1 - (first[i]! + second[i]!) * rest) ** 2)
  const differing = total((i) => total((j) => (i === j ? 0 : share(i, j) * (second[i]! + first[j]!) ** 2)))
  const variance =
    (agreeing + rest ** 2 * differing - (kappa - expected * rest) ** 2) / (n * (1 - expected) ** 2)
  const half = Z_95 * Math.sqrt(Math.max(0, variance))
  const interval = { low: Math.max(-1, kappa - half), high: Math.min(1, kappa + half) }
  return { n, observed, expected, kappa, interval }
}
