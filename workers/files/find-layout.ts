/** Finds out how the rows lie in a text file: by its name first, then by its beginning. */
import { TEXT_COLUMNS, foldName } from '../../src/domain/columns'
import { CsvReader } from '../../src/domain/csv-rows'
import { findLabel } from '../../src/domain/find-label'
import { FPB_LINE } from '../../src/domain/known-datasets'
import type { LabelSet } from '../../src/domain/label'
import { NO_DELIMITER, guessTableForm, type TableForm } from '../../src/domain/table-form'
import type { Layout, ReadingOverrides } from '../../src/files/contract'

/** Lines that have to be of Financial PhraseBank's form for the file to be it. */
const PHRASE_BANK_LINES = 20

/** The beginning of a file's text. */
export interface Beginning {
  readonly text: string
  readonly isWhole: boolean
}

/** Letters behind the last dot of a file's name, in lower case. */
export const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''

function isPhraseBank(text: string, labels: LabelSet): boolean {
  const lines = text
    .split('\n')
    .slice(0, PHRASE_BANK_LINES)
    .filter((line) => line.trim() !== '')
  const isLabelled = (line: string) => findLabel(labels, FPB_LINE.exec(line)?.[2] ?? '') !== undefined
  return lines.length > 0 && lines.slice(0, Math.max(1, lines.length - 1)).every(isLabelled)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Lines of JSON are told from a list over several lines by the first line, which stands for itself. */
function jsonLayout(text: string): Layout | undefined {
  const start = text.trimStart()
  const [firstLine = ''] = start.split('\n', 1)
  if (start.startsWith('{') && isJson(firstLine)) return { kind: 'json lines' }
  // Lines of text may begin with a bracket too.
  return /^\[\s*(?:[{"\]]|$)/.test(start) ? { kind: 'json list' } : undefined
}

function hasKnownHeader(text: string, form: TableForm): boolean {
  const [firstLine = ''] = text.split('\n', 1)
  const header = new CsvReader(form).push(firstLine, true)
  const names = header.ok ? (header.value[0]?.cells ?? []) : []
  return names.some((name) => TEXT_COLUMNS.includes(foldName(name)))
}

/** The layout of a text file; what a user overrides is believed. */
export function findLayout(
  name: string,
  { text, isWhole }: Beginning,
  labels: LabelSet,
  overrides: ReadingOverrides['table'],
): Layout {
  const table = (): Layout => ({ kind: 'table', ...guessTableForm(text, isWhole), ...overrides })
  if (overrides) return table()
  switch (extensionOf(name)) {
    case 'jsonl':
    case 'ndjson':
      return jsonLayout(text) ?? { kind: 'json lines' }
    case 'json':
      return jsonLayout(text) ?? { kind: 'json list' }
    case 'csv':
    case 'tsv':
    case 'tab':
      return isPhraseBank(text, labels) ? { kind: 'label at end' } : table()
    default: {
      if (isPhraseBank(text, labels)) return { kind: 'label at end' }
      const form = guessTableForm(text, isWhole)
      const isTable =
        extensionOf(name) === 'txt' ? hasKnownHeader(text, form) : form.delimiter !== NO_DELIMITER
      return jsonLayout(text) ?? (isTable ? { kind: 'table', ...form } : { kind: 'lines' })
    }
  }
}
