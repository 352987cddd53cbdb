import type { LabelSet } from '../../src/domain/label'
import type { Task } from '../../src/domain/task'
import { JsonFields } from './json-fields'

/** Keys 1 to 9 choose a label in the page; more than a few dozen classes are beyond these models. */
const MAX_LABELS = 64
const MAX_ALIASES = 64
/** Attention grows with the square of the prompt; T5 was trained on 512 tokens. */
const MAX_INPUT_TOKENS = 4_096
/** Room for a few tokens of template beside the text. */
const MIN_INPUT_TOKENS = 8
const DEFAULT_LABEL_SET = 'finance'
const SENTIMENT_ORDER = ['negative', 'neutral', 'positive']

export interface TaskFile {
  readonly task: Task
  /** Folder of the adapter that was trained for the task, e.g. `adapter-finance`. */
  readonly adapter?: string
}

/** Reads a `task.json`: how a model was trained to be asked. Throws ModelFormatError naming the field. */
export function parseTaskFile(bytes: Uint8Array, file: string): TaskFile {
  const fields = JsonFields.parse(bytes, file)
  const prompt = fields.fields('prompt')
  const kShot = prompt.fields('kShot')
  const adapter = fields.has('adapter') ? fields.fields('adapter') : undefined
  const task: Task = {
    template: template(prompt, 'template', '{text}'),
    optionsSeparator: prompt.text('optionsSeparator', ', '),
    labels: readLabels(
      fields.fields('labels'),
      adapter?.text('labels', DEFAULT_LABEL_SET) ?? DEFAULT_LABEL_SET,
    ),
    kShot: {
      demonstration: template(kShot, 'demonstration', '{text}', '{label}'),
      separator: kShot.text('separator', ' '),
      query: template(kShot, 'query', '{text}'),
    },
    maxInputTokens: fields.integer('maxInputTokens', { min: MIN_INPUT_TOKENS, max: MAX_INPUT_TOKENS }),
  }
  return adapter ? { task, adapter: readFolder(adapter) } : { task }
}

function template(fields: JsonFields, name: string, ...slots: readonly string[]): string {
  const text = fields.text(name)
  for (const slot of slots)
    if (text.split(slot).length !== 2) throw fields.error(name, `a text with ${slot} in it once`)
  return text
}

function readLabels(sets: JsonFields, name: string): LabelSet {
  const labels = sets.fieldsList(name, MAX_LABELS).map((label) => ({
    id: label.text('id'),
    words: label.text('words'),
    aliases: label.has('aliases') ? label.texts('aliases', MAX_ALIASES) : [],
  }))
  if (labels.length < 2) throw sets.error(name, 'at least two labels', `${labels.length}`)
  for (const field of ['id', 'words'] as const)
    if (new Set(labels.map((label) => label[field])).size !== labels.length)
      throw sets.error(name, `each ${field} once`, 'one of them twice')
  return inDisplayOrder(labels)
}

/** Sentiment reads from bad to good, whatever the order in the file; other labels stay as they are. */
export function inDisplayOrder(labels: LabelSet): LabelSet {
  const inOrder = SENTIMENT_ORDER.flatMap((id) => labels.filter((label) => label.id === id))
  return inOrder.length === labels.length ? inOrder : labels
}

/** A plain folder name: it becomes part of an address, so nothing that leads elsewhere. */
function readFolder(adapter: JsonFields): string {
  const folder = adapter.text('folder')
  if (!/^[\w-]+$/.test(folder)) throw adapter.error('folder', 'a folder name of letters, digits, "-" and "_"')
  return folder
}
