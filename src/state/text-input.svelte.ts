import { splitLines, type Line } from '../domain/lines'
import type { FileSource } from '../storage/file-record'
import { TEXT_KEY, type TextRecord } from '../storage/text-record'
import type { Workspace } from '../storage/workspace'
import type { FileMemory } from './file-memory.svelte'

/** What was there in the last visit. */
export interface SavedInput {
  readonly text?: TextRecord | undefined
  readonly file?: FileSource | undefined
}

/** What to classify: text, one per line, which starts with the sample lines; or the rows of a file. */
export class TextInput {
  readonly #workspace: Workspace
  readonly #memory: FileMemory
  readonly #sample: string
  #text = $state.raw('')
  #file = $state.raw<FileSource>()
  readonly lines: readonly Line[] = $derived(this.#file?.lines ?? splitLines(this.#text))

  constructor(
    workspace: Workspace,
    memory: FileMemory,
    sampleLines: readonly string[],
    { text, file }: SavedInput = {},
  ) {
    this.#workspace = workspace
    this.#memory = memory
    this.#sample = sampleLines.join('\n')
    this.#text = text?.text ?? this.#sample
    this.#file = file
  }

  get text() {
    return this.#text
  }
  get isSample() {
    return this.#text === this.#sample && !this.#file
  }
  /** The file whose rows are classified instead of the text, until it is left. */
  get file() {
    return this.#file
  }

  /** Whether the file's rows are there after a reload. */
  get fileKeeping() {
    return this.#memory.keeping
  }

  useFile(file: FileSource): void {
    this.#file = file
    void this.#memory.keep(file)
  }
  leaveFile(): void {
    this.#file = undefined
    void this.#memory.forget()
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
