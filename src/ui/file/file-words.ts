/** How the page speaks of files. */
import type { FilePreview, Layout, TextEncoding } from '../../files/contract'
import { formatCount } from '../numbers'

const DELIMITERS: Readonly<Record<string, string>> = {
  ',': 'commas',
  '\t': 'tabs',
  ';': 'semicolons',
  '|': 'bars',
}

export const ENCODINGS: readonly { readonly value: TextEncoding; readonly name: string }[] = [
  { value: 'utf-8', name: 'UTF-8' },
  { value: 'windows-1252', name: 'Western (windows-1252, latin-1)' },
  { value: 'utf-16le', name: 'UTF-16 LE' },
  { value: 'utf-16be', name: 'UTF-16 BE' },
]

/** `a table, fields between commas`. */
export function layoutWords(layout: Layout): string {
  switch (layout.kind) {
    case 'lines':
      return 'one text per line'
    case 'label at end':
      return 'a text, an @ and a label per line'
    case 'table': {
      const between = DELIMITERS[layout.delimiter]
      const header = layout.hasHeader ? '' : ', no header'
      return between === undefined ? `a table of one column${header}` : `a table with ${between}${header}`
    }
    case 'json lines':
      return 'JSON, a record per line'
    case 'json list':
      return 'JSON, a list of records'
    case 'json object':
      return 'JSON, rows inside an object'
    case 'parquet':
      return 'parquet'
  }
}

/** An estimate is rounded to two digits, so that it does not look counted. */
export function rowWords({ rows: { count, isExact } }: FilePreview): string {
  if (isExact) return formatCount(count)
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1)
  return `about ${formatCount(Math.round(count / unit) * unit)}`
}
