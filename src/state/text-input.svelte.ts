import { splitLines, type Line } from '../domain/lines'
import { TEXT_KEY, type TextRecord } from '../storage/text-record'
import type { Workspace } from '../storage/workspace'

/** The text to classify, one text per line; it starts with the sample lines. */
export class TextInput {
  readonly #workspace: Workspace
  readonly #sample: string
  #text = $state.raw('')
  readonly lines: readonly Line[] = $derived(splitLines(this.#text))

  constructor(workspace: Workspace, sampleLines: readonly string[], saved?: TextRecord) {
    this.#workspace = workspace
    this.#sample = sampleLines.join('\n')
    this.#text = saved?.text ?? this.#sample
  }

  get text() {
    return this.#text
  }
  get isSample() {
    return this.#text === this.#sample
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
