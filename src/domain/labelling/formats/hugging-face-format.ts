/**
 * JSON Lines as Hugging Face's `datasets` loads them: `label` is the number of a class, -1 where there is none, and
 * `label_text` its name. Every row has the same keys, as its tables ask.
 */
import type { Annotation, Item } from '../annotation'
import { takeForeignRows } from './foreign-rows'
import type { Import } from './import'
import { readRecords, type Fields } from './json-records'
import { rowOfFields, type NamedRow } from './named-row'
import { OwnRows } from './own-rows'
import { isOwnTable, LABEL_TEXT, writeRows, type LabelledColumn } from './table-columns'

const NO_LABEL = -1

/** The names of the classes by their numbers: the project's labels, then those that only annotations have. */
function classNames(annotations: readonly Annotation[], labelIds: readonly string[]): readonly string[] {
  const names = new Set(labelIds)
  for (const { labelId } of annotations) if (labelId !== undefined) names.add(labelId)
  return [...names]
}

export function writeHuggingFace(
  items: readonly Item[],
  annotations: readonly Annotation[],
  labelIds: readonly string[],
): Generator<string> {
  const numbers = new Map(classNames(annotations, labelIds).map((name, number) => [name, number]))
  const own: readonly LabelledColumn[] = [
    { name: 'label', valueOf: (_, annotation) => numbers.get(annotation?.labelId ?? '') ?? NO_LABEL },
    { name: LABEL_TEXT, valueOf: (_, annotation) => annotation?.labelId },
  ]
  return writeRows(
    items,
    annotations,
    labelIds,
    own,
    () => '',
    (columns, item, annotation) => {
      const cells = columns.map(({ name, valueOf }) => [name, valueOf(item, annotation) ?? null] as const)
      return `${JSON.stringify(Object.fromEntries(cells))}\n`
    },
  )
}

/**
 * The beginning of a data set's `README.md`, which says what the numbers stand for: `datasets` makes a `ClassLabel` of it.
 * Source: the hub's data set cards, `dataset_info.features`.
 */
export function datasetCard(annotations: readonly Annotation[], labelIds: readonly string[]): string {
  const names = classNames(annotations, labelIds).map(
    (name, number) => `        '${number}': ${JSON.stringify(name)}`,
  )
  const lines = [
    'dataset_info:',
    '  features:',
    '  - name: label',
    '    dtype:',
    '      class_label:',
    '        names:',
  ]
  return `---\n${[...lines, ...names.map((name) => `  ${name}`)].join('\n')}\n---\n`
}

/** The label of a row without a class is written as -1, which is nobody's label. */
function ownRowOf(fields: Fields, line: number): NamedRow {
  const { label, ...rest } = fields
  return rowOfFields(label === NO_LABEL ? rest : fields, line)
}

/** Answers what is wrong where these are no records of texts at all. */
export function readHuggingFace(text: string, into: Import): string | undefined {
  const ownRows = new OwnRows(into)
  const foreign: NamedRow[] = []
  readRecords(text, into, (fields, line) => {
    if (isOwnTable(Object.keys(fields))) ownRows.take(ownRowOf(fields, line))
    else foreign.push(rowOfFields(fields, line))
  })
  if (foreign.length === 0 || takeForeignRows(foreign, into)) return undefined
  return 'no field looks like a text.'
}
