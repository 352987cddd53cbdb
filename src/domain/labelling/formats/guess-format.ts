/** Which format a file probably has. */
import type { ReadFormat } from './formats'
import { isFields, isList, parseJson, type Fields } from './json-records'

const hasKey = (start: string, name: string): boolean => new RegExp(`"${name}"\\s*:`).test(start)

/** The first record that stands in the beginning as a whole. */
function firstRecord(start: string): Fields | undefined {
  const [line = ''] = start.split('\n', 1)
  const values = [line, start].map(parseJson)
  const record = values.flatMap((value) => (isList(value) ? value.slice(0, 1) : [value])).find(isFields)
  return record
}

function formatOfRecord(record: Fields | undefined, start: string): ReadFormat {
  const has = (name: string): boolean => (record ? Object.hasOwn(record, name) : hasKey(start, name))
  if (has('data') && (has('annotations') || has('predictions') || (record && isFields(record['data']))))
    return 'label-studio'
  if (has('Comments') || has('comments') || has('labels') || has('smallcap')) return 'doccano'
  if (record && isList(record['label'])) return 'doccano'
  if (!record && /"label"\s*:\s*\[/.test(start)) return 'doccano'
  return has('annotations') ? 'jsonl' : 'hugging-face'
}

/** The format by a file's beginning, and by its name where that says nothing. */
export function guessFormat(fileName: string, beginning: string): ReadFormat {
  const start = beginning.replace(/^\uFEFF/, '').trimStart()
  if (/^(?:\{\s*"|\[\s*\{)/.test(start)) return formatOfRecord(firstRecord(start), start)
  if (/^[{[]/.test(start) && /\.json$/i.test(fileName)) return 'label-studio'
  if (/^[{[]/.test(start) && /\.(?:jsonl|ndjson)$/i.test(fileName)) return 'jsonl'
  if (/\.(?:tsv|tab)$/i.test(fileName)) return 'tsv'
  const [firstLine = ''] = start.split('\n', 1)
  return !/\.csv$/i.test(fileName) && firstLine.includes('\t') ? 'tsv' : 'csv'
}
