/** Which columns of a file hold predictions, and what the rows are known by. */
import { foldName, guessColumns, LABEL_COLUMNS, TEXT_COLUMNS } from '../../columns'
import type { LabelSet } from '../../label'
import type { NamedRow } from '../../labelling/formats/named-row'

/** An answer goes before a gold label that may stand beside it. */
const ANSWERS = [
  ...['prediction', 'predicted', 'predicted_label', 'predicted_class', 'pred', 'pred_label', 'y_pred'],
  ...['answer', 'output', 'response', 'model_output', 'model_label', 'label_text', 'label_name'],
]
/** `line` is the line of the file that the texts came from, as our exports have it. */
const IDS = ['id', 'item_id', 'doc_id', 'row_id', 'external_id', 'uuid', 'guid', 'line']
/** What stands before a label's name where a column holds its probability. */
const PREFIXES = ['p_', 'prob_', 'probability_', 'score_', 'p(', '']

const SAMPLE_ROWS = 200

export interface PredictionColumns {
  readonly id: string | undefined
  readonly text: string | undefined
  readonly pair: string | undefined
  readonly label: string | undefined
  /** One for each label, in label order. */
  readonly probabilities: readonly string[] | undefined
}

function probabilityColumns(names: readonly string[], labels: LabelSet): readonly string[] | undefined {
  for (const prefix of PREFIXES) {
    const columns = labels.map(({ id, words, aliases }) => {
      const wanted = [id, words, ...aliases].map((name) =>
        foldName(prefix + name + (prefix === 'p(' ? ')' : '')),
      )
      return names.find((name) => wanted.includes(foldName(name)))
    })
    const found = columns.filter((name) => name !== undefined)
    if (found.length === labels.length && new Set(found).size === labels.length) return found
  }
  return undefined
}

/** By names first; the label also by what the columns hold. */
export function findPredictionColumns(rows: readonly NamedRow[], labels: LabelSet): PredictionColumns {
  const sample = rows.slice(0, SAMPLE_ROWS)
  const names = [...new Set(sample.flatMap((row) => row.names))]
  const named = (wanted: readonly string[]) =>
    wanted.map((name) => names.find((each) => foldName(each) === name)).find((name) => name !== undefined)
  const id = named(IDS)
  const probabilities = probabilityColumns(names, labels)
  const rest = names.filter((name) => name !== id && !probabilities?.includes(name))
  const guess = guessColumns(
    rest.map((name) => ({ name, values: sample.map((row) => row.cell(name)) })),
    labels,
  )
  const label = named(ANSWERS) ?? named(LABEL_COLUMNS) ?? guess.labelColumn
  const isProse = (name: string) => sample.some((row) => /\p{L}\s+\p{L}/u.test(row.cell(name)))
  const guessed = guess.textColumn
  const text =
    named(TEXT_COLUMNS.filter((name) => name !== label)) ??
    (guessed !== undefined && guessed !== label && isProse(guessed) ? guessed : undefined)
  const pair = text !== undefined && guessed === text ? guess.pairColumn : undefined
  return { id, text, pair, label, probabilities }
}
