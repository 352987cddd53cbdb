import { isLargeText, type Line } from '../domain/lines'
import type { FileSource } from '../storage/file-record'
import { TEXT_KEY, type TextRecord } from '../storage/text-record'
import type { Workspace } from '../storage/workspace'
import type { FileMemory } from './file-memory.svelte'
import { TextLines } from './text-lines.svelte'
import type { Turns } from './turns'

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
  readonly #split: TextLines
  /** Of the newest text. */
  #storing: Promise<void> = Promise.resolve()
  /** The text came as a whole and is too large for a text box. */
  #isLarge = $state.raw(false)
  /** What a large text took the place of, or the large text that was cleared away. */
  #before = $state.raw<string>()

  constructor(
    workspace: Workspace,
    memory: FileMemory,
    sampleLines: readonly string[],
    turns: Turns,
    { text, file }: SavedInput = {},
  ) {
    this.#workspace = workspace
    this.#memory = memory
    this.#sample = sampleLines.join('\n')
    this.#text = text?.text ?? this.#sample
    this.#file = file
    this.#isLarge = isLargeText(this.#text)
    this.#split = new TextLines(turns)
    this.#split.read(this.#text)
  }

  /** None while a large text is being read. */
  get lines(): readonly Line[] {
    return this.#file?.lines ?? this.#split.lines
  }
  get isReading() {
    return !this.#file && this.#split.isReading
  }
  /** Resolves once the lines are those of the text. */
  get settled(): Promise<void> {
    return this.#split.settled
  }
  get isLarge() {
    return this.#isLarge
  }
  get before() {
    return this.#before
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

  /** Takes what was typed. */
  write(text: string): void {
    this.#text = text
    this.#split.read(text)
    this.#storing = this.#store()
  }
  /** Takes a text that comes as a whole, as a pasted one does. */
  take(text: string): void {
    const isLarge = isLargeText(text)
    if (!isLarge) this.#before = undefined
    else if (!this.#isLarge && this.#text !== '') this.#before = this.#text
    this.#isLarge = isLarge
    this.write(text)
  }
  /** Resolves once no text and no file is on its way to storage. */
  async stored(): Promise<void> {
    await Promise.all([this.#storing, this.#memory.settled])
  }
  /** A large text is copied to storage in a turn of its own. */
  async #store(): Promise<void> {
    if (this.#split.isReading) await this.settled
    await this.#workspace.write({ [TEXT_KEY]: { version: 1, text: this.#text } satisfies TextRecord })
  }
  /** Takes the text away; a large one, which no text box can undo, may be brought back. */
  clear(): void {
    const before = this.#isLarge ? this.#text : undefined
    this.take('')
    this.#before = before
  }
  /** Takes what is kept of before. */
  bringBack(): void {
    const before = this.#before
    if (before === undefined) return
    this.#before = undefined
    this.take(before)
  }
  useSample(): void {
    this.take(this.#sample)
  }
}
