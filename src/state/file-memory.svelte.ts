import { fileHead, filePage, NO_FILE, pagesOf, type FileSource } from '../storage/file-record'
import type { Stored, Workspace } from '../storage/workspace'

export type FileKeeping = 'none' | 'storing' | 'stored' | 'refused'

/** Stores the rows of the file in use, page by page in the background, and removes them when it is left. */
export class FileMemory {
  readonly #workspace: Workspace
  readonly #newId: () => string
  #keeping = $state.raw<FileKeeping>('none')
  /** Number of the newest request: an older one stops at its next page. */
  #request = 0
  #last: Promise<void> = Promise.resolve()

  /** Of a file that was not stored whole nothing is left; one that the browser would not read is left alone. */
  constructor(workspace: Workspace, newId: () => string, { value, isRefused }: Stored<FileSource>) {
    this.#workspace = workspace
    this.#newId = newId
    if (value) this.#keeping = 'stored'
    else if (!isRefused) void this.forget()
  }

  get keeping() {
    return this.#keeping
  }

  /** Resolves once nothing is being stored or removed. */
  get settled(): Promise<void> {
    return this.#last
  }

  /** Resolves once the file is stored, refused or superseded. */
  keep(file: FileSource): Promise<void> {
    this.#keeping = 'storing'
    return this.#next((isNewest) => this.#store(file, isNewest))
  }

  /** Resolves once nothing of a file is stored any more. */
  forget(): Promise<void> {
    this.#keeping = 'none'
    return this.#next(async () => {
      await this.#clear()
    })
  }

  #next(work: (isNewest: () => boolean) => Promise<void>): Promise<void> {
    const request = ++this.#request
    this.#last = this.#last.then(() => work(() => request === this.#request))
    return this.#last
  }

  async #store(file: FileSource, isNewest: () => boolean): Promise<void> {
    if (!isNewest()) return
    const id = this.#newId()
    if (!(await this.#clear())) return this.#refuse(isNewest)
    for (let page = 0; page < pagesOf(file); page += 1) {
      if (!isNewest()) return
      if (!(await this.#workspace.write(filePage(id, file, page)))) return this.#refuse(isNewest)
    }
    if (!(await this.#workspace.write(fileHead(id, file)))) return this.#refuse(isNewest)
    if (isNewest()) this.#keeping = 'stored'
  }

  /** What was stored before the refusal is of no use, and takes room. */
  async #refuse(isNewest: () => boolean): Promise<void> {
    if (isNewest()) this.#keeping = 'refused'
    await this.#clear()
  }

  #clear(): Promise<boolean> {
    return this.#workspace.write(NO_FILE)
  }
}
