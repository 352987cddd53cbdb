import {
  FILE_KEY,
  filePage,
  filePageKey,
  pagesOf,
  type FileHead,
  type FileSource,
  type StoredFile,
} from '../storage/file-record'
import type { Workspace } from '../storage/workspace'

export type FileKeeping = 'none' | 'storing' | 'stored' | 'refused'

/** Stores the rows of the file in use, page by page in the background, and removes them when it is left. */
export class FileMemory {
  readonly #workspace: Workspace
  readonly #newId: () => string
  #keeping = $state.raw<FileKeeping>('none')
  /** Pages that may be stored. */
  #pages: number
  /** Number of the newest request: an older one stops at its next page. */
  #request = 0
  #last: Promise<void> = Promise.resolve()

  constructor(workspace: Workspace, newId: () => string, { file, pages }: StoredFile) {
    this.#workspace = workspace
    this.#newId = newId
    this.#pages = pages
    if (file) this.#keeping = 'stored'
    else if (pages > 0) void this.forget()
  }

  get keeping() {
    return this.#keeping
  }

  /** Resolves once the file is stored, refused or superseded. */
  keep(file: FileSource): Promise<void> {
    this.#keeping = 'storing'
    return this.#next((isNewest) => this.#store(file, isNewest))
  }

  /** Resolves once nothing of a file is stored any more. */
  forget(): Promise<void> {
    this.#keeping = 'none'
    return this.#next(() => this.#clear())
  }

  #next(work: (isNewest: () => boolean) => Promise<void>): Promise<void> {
    const request = ++this.#request
    this.#last = this.#last.then(() => work(() => request === this.#request))
    return this.#last
  }

  async #store(file: FileSource, isNewest: () => boolean): Promise<void> {
    if (!isNewest()) return
    const { name, skipped, unreadableRows, lines } = file
    const pages = pagesOf(file)
    const id = this.#newId()
    const all = Math.max(pages, this.#pages)
    const head = { version: 1, id, name, skipped, unreadableRows, total: lines.length } as const
    // Written first, so that pages without an end are known and removed by the next visit.
    const begun = { ...head, pages: all, isWhole: false } satisfies FileHead
    if (!(await this.#workspace.write({ [FILE_KEY]: begun }))) return this.#refuse(isNewest)
    this.#pages = all
    for (let page = 0; page < pages; page += 1) {
      if (!isNewest()) return
      if (!(await this.#workspace.write(filePage(id, file, page)))) return this.#refuse(isNewest)
    }
    const ended = { ...head, pages, isWhole: true } satisfies FileHead
    if (!(await this.#workspace.write({ ...noPages(pages, all), [FILE_KEY]: ended })))
      return this.#refuse(isNewest)
    this.#pages = pages
    if (isNewest()) this.#keeping = 'stored'
  }

  /** What was stored before the refusal is of no use, and takes room. */
  async #refuse(isNewest: () => boolean): Promise<void> {
    if (isNewest()) this.#keeping = 'refused'
    await this.#clear()
  }

  async #clear(): Promise<void> {
    if (await this.#workspace.write({ ...noPages(0, this.#pages), [FILE_KEY]: undefined })) this.#pages = 0
  }
}

/** Entries that remove the pages from `first` up to, but not including, `end`. */
const noPages = (first: number, end: number): Readonly<Record<string, undefined>> =>
  Object.fromEntries(
    Array.from({ length: Math.max(0, end - first) }, (_, place) => [filePageKey(first + place), undefined]),
  )
