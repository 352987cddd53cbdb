/** Finds out how the rows lie in a text file: by its name first, then by its beginning. */
import { TEXT_COLUMNS, foldName } from '../../src/domain/columns'
import { CsvReader } from '../../src/domain/csv-rows'
import { findLabel } from '../../src/domain/find-label'
import { FPB_LINE } from '../../src/domain/known-datasets'
import type { LabelSet } from '../../src/domain/label'
import { NO_DELIMITER, guessTableForm, type TableForm } from '../../src/domain/table-form'
import type { Layout, ReadingOverrides } from '../../src/files/contract'
import { isFields, rowsInObject } from './json-object'
import { tooDeepAt } from './json-record'

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

/** The value of some JSON, or undefined where it is none. */
function parsed(json: string): unknown {
  try {
    return tooDeepAt(json) < 0 ? JSON.parse(json) : undefined
  } catch {
    return undefined
  }
}

/** Columns count also where they are of different lengths, which is told when they are read. */
const holdsRows = (fields: Readonly<Record<string, unknown>>): boolean =>
  rowsInObject(fields) !== undefined || Object.values(fields).every(Array.isArray)

/** The beginning of an object: a bracket, a name and a colon. */
const OBJECT = /^\{\s*"(?:[^"\\\n]|\\.)*"\s*:/

/**
 * Lines of JSON are told from a list or an object over several lines by the first line, which stands for itself; an
 * object in one line that holds rows is a table, else a record.
 */
function jsonLayout({ text, isWhole }: Beginning): Layout | undefined {
  const start = text.trimStart()
  if (OBJECT.test(start)) {
    const [firstLine = ''] = start.split('\n', 1)
    const first = parsed(firstLine)
    const isAlone = isWhole && start.slice(firstLine.length).trim() === ''
    if (isFields(first)) return { kind: isAlone && holdsRows(first) ? 'json object' : 'json lines' }
    return !isWhole || parsed(start) !== undefined ? { kind: 'json object' } : undefined
  }
  // Lines of text may begin with a bracket too.
  return /^\[\s*(?:[{"\]]|$)/.test(start) ? { kind: 'json list' } : undefined
}

function hasKnownHeader(text: string, form: TableForm): boolean {
  const [firstLine = ''] = text.split('\n', 1)
  const header = new CsvReader(form).push(firstLine, true)
  const names = header.ok ? (header.value[0]?.cells ?? []) : []
  return names.some((name) => TEXT_COLUMNS.includes(foldName(name)))
}

/** A file that is named as lines of JSON may hold a list, but an object in it is a record. */
const asLines = (layout: Layout | undefined): Layout =>
  layout?.kind === 'json list' ? layout : { kind: 'json lines' }

/** The layout of a text file; what a user overrides is believed. */
export function findLayout(
  name: string,
  beginning: Beginning,
  labels: LabelSet,
  overrides: ReadingOverrides['table'],
): Layout {
  const { text, isWhole } = beginning
  const table = (): Layout => ({ kind: 'table', ...guessTableForm(text, isWhole), ...overrides })
  if (overrides) return table()
  switch (extensionOf(name)) {
    case 'jsonl':
    case 'ndjson':
      return asLines(jsonLayout(beginning))
    case 'json':
      return jsonLayout(beginning) ?? { kind: text.trimStart().startsWith('{') ? 'json object' : 'json list' }
    case 'csv':
    case 'tsv':
    case 'tab':
      return isPhraseBank(text, labels) ? { kind: 'label at end' } : table()
    default: {
      if (isPhraseBank(text, labels)) return { kind: 'label at end' }
      const form = guessTableForm(text, isWhole)
      const isTable =
        extensionOf(name) === 'txt' ? hasKnownHeader(text, form) : form.delimiter !== NO_DELIMITER
      return jsonLayout(beginning) ?? (isTable ? { kind: 'table', ...form } : { kind: 'lines' })
    }
  }
}
