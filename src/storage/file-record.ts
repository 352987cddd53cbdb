/** The rows of an opened file as stored until it is left: one head, and the rows in pages. */
import * as v from 'valibot'
import type { Line } from '../domain/lines'
import { lineSchema } from './line-record'
import { PAGE_ROWS } from './results-record'
import type { Workspace } from './workspace'

export const FILE_KEY = 'file'

/** Rows of a file, which stand in the text's place. */
export interface FileSource {
  readonly name: string
  readonly lines: readonly Line[]
  /** Rows that were left out. */
  readonly skipped: number
  /** Rows that hold characters which could not be decoded. */
  readonly unreadableRows: number
}

const headSchema = v.object({
  version: v.literal(1),
  /** Ties the pages to their head: pages of another file are not read. */
  id: v.string(),
  name: v.string(),
  skipped: v.number(),
  unreadableRows: v.number(),
  total: v.number(),
  /** Pages that may be there, those of an earlier file included. */
  pages: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000)),
  /** False until the last page is written. */
  isWhole: v.boolean(),
})

export type FileHead = v.InferOutput<typeof headSchema>

const pageSchema = v.object({ version: v.literal(1), id: v.string(), lines: v.array(lineSchema) })

export const pagesOf = ({ lines }: FileSource): number => Math.ceil(lines.length / PAGE_ROWS)

export const filePageKey = (page: number): string => `${FILE_KEY}/${page}`

/** The entry of one page of a file's rows. */
export function filePage(id: string, { lines }: FileSource, page: number): Readonly<Record<string, unknown>> {
  const record = { version: 1, id, lines: lines.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS) } as const
  return { [filePageKey(page)]: record satisfies v.InferInput<typeof pageSchema> }
}

/** What is stored of a file: its rows, unless they are incomplete, and how many pages there may be. */
export interface StoredFile {
  readonly file: FileSource | undefined
  readonly pages: number
}

/** The file that was open in the last visit; without rows when it was not stored whole or its pages do not belong together. */
export async function readStoredFile(workspace: Workspace): Promise<StoredFile> {
  const head = await workspace.read(FILE_KEY, headSchema)
  if (head === undefined) return { file: undefined, pages: 0 }
  const { pages, name, skipped, unreadableRows, total } = head
  const lines: Line[] = []
  for (let page = 0; head.isWhole && page * PAGE_ROWS < total; page += 1) {
    const stored = await workspace.read(filePageKey(page), pageSchema)
    if (stored?.id !== head.id) break
    for (const line of stored.lines) lines.push(line)
  }
  const isWhole = head.isWhole && lines.length === total
  return { file: isWhole ? { name, lines, skipped, unreadableRows } : undefined, pages }
}
