/** Labelled texts in and out of files. */
import type { LabelSet } from '../../label'
import { failure, success, type Outcome } from '../../outcome'
import type { Annotation, Item } from '../annotation'
import { readDoccano, writeDoccano } from './doccano-format'
import { readHuggingFace, writeHuggingFace } from './hugging-face-format'
import { Import, type FormatTrouble, type ImportDefaults, type Imported } from './import'
import { readJsonl, writeJsonl } from './jsonl-format'
import { writeLabelStudio } from './label-studio-format'
import { readLabelStudio } from './read-label-studio'
import { readTable, writeTable } from './table-format'

/** `csv-exact` and `tsv-exact` keep every text as it is; the others keep a spreadsheet from running one as a formula. */
export const WRITTEN_FORMATS = [
  'csv',
  'csv-exact',
  'tsv',
  'tsv-exact',
  'jsonl',
  'label-studio',
  'doccano',
  'hugging-face',
] as const
export type WrittenFormat = (typeof WRITTEN_FORMATS)[number]

/** A table says itself whether its texts were made safe. */
export type ReadFormat = Exclude<WrittenFormat, 'csv-exact' | 'tsv-exact'>

export const FORMATS: Readonly<Record<ReadFormat, { readonly name: string; readonly extension: string }>> = {
  csv: { name: 'CSV', extension: 'csv' },
  tsv: { name: 'TSV', extension: 'tsv' },
  jsonl: { name: 'JSON Lines', extension: 'jsonl' },
  'label-studio': { name: 'Label Studio JSON', extension: 'json' },
  doccano: { name: 'doccano JSON Lines', extension: 'jsonl' },
  'hugging-face': { name: 'Hugging Face JSON Lines', extension: 'jsonl' },
}

/**
 * The file piece by piece, a text or an annotation in each, or nothing while it is looked at what there is. Annotations of texts that are not among the items are left out.
 * A byte order mark, which Excel needs to see UTF-8, is for whoever writes the file.
 */
export function writeAnnotations(
  format: WrittenFormat,
  items: readonly Item[],
  annotations: readonly Annotation[],
  labels: LabelSet,
): Iterable<string> {
  const labelIds = labels.map(({ id }) => id)
  switch (format) {
    case 'csv':
      return writeTable(items, annotations, labelIds, ',', 'spreadsheet-safe')
    case 'csv-exact':
      return writeTable(items, annotations, labelIds, ',', 'exact')
    case 'tsv':
      return writeTable(items, annotations, labelIds, '\t', 'spreadsheet-safe')
    case 'tsv-exact':
      return writeTable(items, annotations, labelIds, '\t', 'exact')
    case 'jsonl':
      return writeJsonl(items, annotations)
    case 'label-studio':
      return writeLabelStudio(items, annotations)
    case 'doccano':
      return writeDoccano(items, annotations)
    case 'hugging-face':
      return writeHuggingFace(items, annotations, labelIds)
  }
}

/** Takes what can be read; a sentence says why nothing can, where the reader knows. */
const READERS: Readonly<Record<ReadFormat, (text: string, into: Import) => string | undefined>> = {
  csv: (text, into) => readTable(text, into, ','),
  tsv: (text, into) => readTable(text, into, '\t'),
  jsonl: readJsonl,
  'label-studio': readLabelStudio,
  doccano: readDoccano,
  'hugging-face': readHuggingFace,
}

/**
 * What a file of labelled texts holds. Labels are found by any of their names; those that the project lacks are kept and
 * listed. Broken rows cost only themselves; it fails where not one row can be read.
 */
export function readAnnotations(
  format: ReadFormat,
  text: string,
  labels: LabelSet,
  defaults: ImportDefaults,
): Outcome<Imported, FormatTrouble> {
  const into = new Import(labels, defaults)
  const { name } = FORMATS[format]
  if (text.trim() === '')
    return failure({ line: 1, message: 'Line 1: the file is empty; choose another one.' })
  const reason = READERS[format](text, into)
  if (!into.isEmpty) return success(into.result())
  const trouble = into.firstTrouble
  if (reason === undefined && trouble)
    return failure({
      ...trouble,
      message: `${trouble.message} No row could be read as ${name}; choose another format.`,
    })
  const why = reason ?? 'no row was found.'
  return failure({ line: 1, message: `Line 1: ${why} This is not ${name}; choose another format.` })
}
