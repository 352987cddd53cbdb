import type { NumberFormat } from '../../src/engine/contract'
import { JsonFields } from './json-fields'
import { readNumberFormat } from './read-number-format'

const MAX_TEXTS = 1_000_000_000
const MAX_SCORES = 256

/** How well one set of weights does in a number format on a labelled file. */
export interface TestScore {
  readonly numberFormat: NumberFormat
  /** `base` or an adapter's name. */
  readonly weights: string
  /** Name of the data file. */
  readonly data: string
  readonly texts: number
  readonly accuracy: number
  readonly macroF1: number
}

/** The scores that a pack's metadata tell of, none where they were not measured. Throws ModelFormatError naming the field. */
export function readTestScores(metadata: ReadonlyMap<string, string>, file: string): readonly TestScore[] {
  const text = metadata.get('scores')
  if (text === undefined) return []
  const fields = JsonFields.parse(new TextEncoder().encode(text), `${file} (__metadata__.scores)`)
  const share = { min: 0, max: 1 }
  return fields.fieldsList('scores', MAX_SCORES).map((score) => ({
    numberFormat: readNumberFormat(score),
    weights: score.text('weights'),
    data: score.text('data'),
    texts: score.integer('texts', { min: 1, max: MAX_TEXTS }),
    accuracy: score.number('accuracy', share),
    macroF1: score.number('macroF1', share),
  }))
}
