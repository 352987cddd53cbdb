/** The rows of an opened file as stored until it is left: the rows in pages, and one head once all are there. */
import * as v from 'valibot'
import { KNOWN_DATASETS, type KnownDatasetId } from '../domain/known-dataset-ids'
import type { Line } from '../domain/lines'
import { lineSchema } from './line-record'
import { PAGE_ROWS } from './results-record'
import { NOTHING, type Stored, type Workspace } from './workspace'

export const FILE_KEY = 'file'

/** Rows of a file, which stand in the text's place. */
export interface FileSource {
  readonly name: string
  readonly lines: readonly Line[]
  /** Rows that were left out. */
  readonly skipped: number
  /** Rows that hold characters which could not be decoded. */
  readonly unreadableRows: number
  /** Which published data set it looks like. */
  readonly dataset?: { readonly id: KnownDatasetId; readonly name: string }
}

export const fileHeadSchema = v.object({
  version: v.literal(1),
  /** Ties the pages to their head: pages of another file are not read. */
  id: v.string(),
  name: v.string(),
  skipped: v.number(),
  unreadableRows: v.number(),
  dataset: v.exactOptional(
    v.object({
      id: v.picklist(KNOWN_DATASETS),
      name: v.string(),
    }),
  ),
  total: v.number(),
})

export const filePageSchema = v.object({ version: v.literal(1), id: v.string(), lines: v.array(lineSchema) })

export const pagesOf = ({ lines }: FileSource): number => Math.ceil(lines.length / PAGE_ROWS)

const filePageKey = (page: number): string => `${FILE_KEY}/${page}`

/** Entries that remove whatever is stored of a file. */
export const NO_FILE = { [FILE_KEY]: undefined, [`${FILE_KEY}/`]: undefined }

/** The entry of a file's head, to be written once all its pages are. */
export function fileHead(id: string, file: FileSource): Readonly<Record<string, unknown>> {
  const { name, skipped, unreadableRows, dataset, lines } = file
  const rest = { skipped, unreadableRows, ...(dataset && { dataset }), total: lines.length }
  const record = { version: 1 as const, id, name, ...rest }
  return { [FILE_KEY]: record satisfies v.InferInput<typeof fileHeadSchema> }
}

/** The entry of one page of a file's rows. */
export function filePage(id: string, { lines }: FileSource, page: number): Readonly<Record<string, unknown>> {
  const record = { version: 1, id, lines: lines.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS) } as const
  return { [filePageKey(page)]: record satisfies v.InferInput<typeof filePageSchema> }
}

/** The file that was open in the last visit; none when it was not stored whole or its pages do not belong together. */
export async function readStoredFile(workspace: Workspace): Promise<Stored<FileSource>> {
  const { value: head, isRefused } = await workspace.read(FILE_KEY, fileHeadSchema)
  if (head === undefined) return { value: undefined, isRefused }
  const { name, skipped, unreadableRows, dataset, total } = head
  const lines: Line[] = []
  for (let page = 0; page * PAGE_ROWS < total; page += 1) {
    const { value, isRefused } = await workspace.read(filePageKey(page), filePageSchema)
    if (value?.id !== head.id) return { value: undefined, isRefused }
    for (const line of value.lines) lines.push(line)
  }
  const isWhole = lines.length === total
  return isWhole
    ? { value: { name, lines, skipped, unreadableRows, ...(dataset && { dataset }) }, isRefused: false }
    : NOTHING
}
