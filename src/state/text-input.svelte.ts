import { splitLines, type Line } from '../domain/lines'
import { TEXT_KEY, type TextRecord } from '../storage/text-record'
import type { Workspace } from '../storage/workspace'

/** Rows of a file, which stand in the text's place. */
export interface FileSource {
  readonly name: string
  readonly lines: readonly Line[]
  /** Rows that were left out. */
  readonly skipped: number
}

/** What to classify: text, one per line, which starts with the sample lines; or the rows of a file. */
export class TextInput {
  readonly #workspace: Workspace
  readonly #sample: string
  #text = $state.raw('')
  #file = $state.raw<FileSource>()
  readonly lines: readonly Line[] = $derived(this.#file?.lines ?? splitLines(this.#text))

  constructor(workspace: Workspace, sampleLines: readonly string[], saved?: TextRecord) {
    this.#workspace = workspace
    this.#sample = sampleLines.join('\n')
    this.#text = saved?.text ?? this.#sample
  }

  get text() {
    return this.#text
  }
  get isSample() {
    return this.#text === this.#sample && !this.#file
  }
  /** The file whose rows are classified instead of the text, until it is left or the page reloaded. */
  get file() {
    return this.#file
  }

  useFile(file: FileSource): void {
    this.#file = file
  }
  leaveFile(): void {
    this.#file = undefined
  }

  write(text: string): void {
    this.#text = text
    void this.#workspace.write({ [TEXT_KEY]: { version: 1, text } satisfies TextRecord })
  }
  clear(): void {
    this.write('')
  }
  useSample(): void {
    this.write(this.#sample)
  }
}
