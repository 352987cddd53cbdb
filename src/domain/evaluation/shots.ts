/** Whether more shots help: a model with k demonstrations against itself with none, on the same texts. */
import { mcNemar, type Discordant } from './mcnemar'

const LEVEL = 0.05

/** A model with k demonstrations (second) against itself without any (first). */
export interface ShotTest {
  readonly k: number
  readonly counts: Discordant
}

export interface ShotVerdict {
  /** `more` where some number of shots is shown to help and none to harm; undefined where no text could be compared. */
  readonly answer: 'more' | 'fewer' | 'depends' | 'not shown' | undefined
  /** In plain words, one for each number of shots. */
  readonly sentences: readonly string[]
}

export const SHOT_ANSWERS = {
  more: 'More shots help',
  fewer: 'More shots do harm',
  depends: 'It depends on the number of shots and on what is drawn',
  'not shown': 'No difference is shown',
} as const satisfies Record<NonNullable<ShotVerdict['answer']>, string>

const points = (gain: number): string => {
  const digits = Math.abs(gain * 100).toFixed(1)
  return digits === '1.0' ? '1.0 point' : `${digits} points`
}
const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
const chance = (p: number): string => (p < 0.001 ? 'p < .001' : `p = ${p.toFixed(3).replace(/^0/, '')}`)
const gainOf = ({ counts: { n, onlyFirst, onlySecond } }: ShotTest): number => (onlySecond - onlyFirst) / n
const shots = (k: number): string => (k === 1 ? '1 shot gets' : `${k} shots get`)

/** `2.1 points less`, `as many right`. */
const gainWords = (gain: number): string =>
  gain === 0 ? 'as many right' : `${points(gain)} ${gain < 0 ? 'less' : 'more'}`

const thanNone = (gain: number): string => (gain === 0 ? 'as none' : 'than none')

function sentenceOf(k: number, tests: readonly ShotTest[]): string {
  const [first] = tests
  if (!first) throw new RangeError('There is no test.')
  const on = `on ${grouped(first.counts.n)} ${first.counts.n === 1 ? 'text' : 'texts'}`
  const ps = tests.map(({ counts }) => mcNemar(counts).exactP)
  if (tests.length === 1) {
    const [p = 1] = ps
    const gain = gainOf(first)
    const verdict = p < LEVEL ? 'that is more than chance' : 'that may be chance'
    return `${shots(k)} ${gainWords(gain)} ${thanNone(gain)} ${on}; ${verdict} (McNemar's exact test, ${chance(p)}).`
  }
  const gains = tests.map(gainOf)
  const shown = ps.filter((p) => p < LEVEL).length
  const [least, most] = [Math.min(...gains), Math.max(...gains)]
  const range =
    least === most ? gainWords(least) : `from ${gainWords(least)} to ${gainWords(most)}, by what is drawn,`
  const among = shown === 0 ? 'none' : shown === tests.length ? 'each' : `${shown}`
  return `${shots(k)} ${range} ${thanNone(least === most ? least : 1)} ${on}; for ${among} of ${tests.length} seeds that is more than chance.`
}

/** The verdict over all numbers of shots that were tried. Each test stands for itself at the 5 % level. */
export function shotVerdict(tests: readonly ShotTest[]): ShotVerdict {
  const fit = tests.filter(({ counts }) => counts.n > 0)
  if (fit.length === 0) return { answer: undefined, sentences: [] }
  const ks = [...new Set(fit.map(({ k }) => k))].sort((one, other) => one - other)
  const shown = fit.filter(({ counts }) => mcNemar(counts).exactP < LEVEL)
  const helps = shown.some((test) => gainOf(test) > 0)
  const harms = shown.some((test) => gainOf(test) < 0)
  const answer = helps && harms ? 'depends' : helps ? 'more' : harms ? 'fewer' : 'not shown'
  const sentences = ks.map((k) =>
    sentenceOf(
      k,
      fit.filter((test) => test.k === k),
    ),
  )
  return { answer, sentences }
}
