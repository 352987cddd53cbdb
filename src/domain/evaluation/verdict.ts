/** What a comparison of two set-ups comes to, in plain words. */
import { mcNemar, neededTexts, type Discordant } from './mcnemar'

export interface Verdict {
  readonly isShown: boolean
  /** The one that got more texts right; undefined where both got as many. */
  readonly better: 'first' | 'second' | undefined
  readonly p: number
  /** Texts that would be needed to show a difference of the size seen; undefined where one is shown, or none was seen. */
  readonly needed: number | undefined
  readonly sentence: string
}

const LEVEL = 0.05

/** Two leading digits, rounded up: more would claim to be exact. */
function roughly(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1)
  return Math.ceil(count / unit) * unit
}

const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
const texts = (count: number): string => `${grouped(count)} ${count === 1 ? 'text' : 'texts'}`
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`
const chance = (p: number): string => (p < 0.001 ? 'p < .001' : `p = ${p.toFixed(3).replace(/^0/, '')}`)

/** The verdict of McNemar's exact test at the 5 % level; the names are of the set-ups. */
export function verdictOf(first: string, second: string, counts: Discordant): Verdict {
  const { n, both, onlyFirst, onlySecond } = counts
  const p = mcNemar(counts).exactP
  const better = onlyFirst === onlySecond ? undefined : onlyFirst > onlySecond ? 'first' : 'second'
  if (n === 0) {
    return { isShown: false, better, p, needed: undefined, sentence: 'There is no text that both answered.' }
  }
  if (better === undefined) {
    const sentence = `No difference shown on ${texts(n)}: both got ${grouped(both + onlyFirst)} right.`
    return { isShown: false, better, p, needed: undefined, sentence }
  }
  if (p < LEVEL) {
    const right = [both + onlyFirst, both + onlySecond] as const
    const [winner, loser, more, less] =
      better === 'first' ? [first, second, ...right] : [second, first, right[1], right[0]]
    const shares = `${percent(more, n)} right against ${percent(less, n)}`
    const sentence = `${winner} is better than ${loser} on ${texts(n)}: ${shares} (McNemar's exact test, ${chance(p)}).`
    return { isShown: true, better, p, needed: undefined, sentence }
  }
  const needed = Math.max(n + 1, neededTexts(counts) ?? 0)
  const sentence = `No difference shown on ${texts(n)}; about ${grouped(roughly(needed))} would be needed to show one of this size.`
  return { isShown: false, better, p, needed, sentence }
}
