/** What a sample of machine-given labels that a person looked at says of all of them. */
import { betaQuantile } from '../statistics/beta'
import { exactInterval, wilsonInterval, type Interval } from '../statistics/interval'

export interface ImpliedErrorRate {
  readonly checked: number
  readonly wrong: number
  /** Undefined where nothing was checked. */
  readonly rate: number | undefined
  /** At 95 %. */
  readonly wilson: Interval
  readonly exact: Interval
  /** With 95 % confidence the rate is not above this: the one-sided exact bound, about 3 / checked where none was wrong. */
  readonly atMost: number
}

/** The sample has to be random. Source of the bounds: Clopper & Pearson (1934). */
export function impliedErrorRate(wrong: number, checked: number): ImpliedErrorRate {
  return {
    checked,
    wrong,
    rate: checked === 0 ? undefined : wrong / checked,
    wilson: wilsonInterval(wrong, checked),
    exact: exactInterval(wrong, checked),
    atMost: wrong >= checked ? 1 : betaQuantile(0.95, wrong + 1, checked - wrong),
  }
}
