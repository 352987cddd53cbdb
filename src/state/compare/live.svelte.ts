import type { Mode, Task } from '../../domain/task'
import type { ScoredText } from '../../engine/contract'
import type { EngineClient } from '../../engine/engine-client'
import type { Asking } from './asking.svelte'
import type { Queue } from './queue.svelte'
import type { Setup } from './setup.svelte'

/** What a set-up says of the text that is typed. */
export type LiveAnswer =
  | { readonly kind: 'asked' }
  | { readonly kind: 'answered'; readonly task: Task; readonly mode: Mode; readonly scored: ScoredText }
  | { readonly kind: 'failed'; readonly message: string }

export interface LiveSurroundings {
  readonly engine: EngineClient
  readonly asking: Asking
  readonly queue: Queue
  readonly setups: () => readonly Setup[]
}

/** One text that all set-ups are asked about as it is typed. */
export class Live {
  readonly #around: LiveSurroundings
  #text = $state.raw('')
  #answers = $state.raw<ReadonlyMap<Setup, LiveAnswer>>(new Map())
  /** Number of the newest text: answers to older ones are dropped. */
  #request = 0
  #asking: Promise<void> = Promise.resolve()

  constructor(around: LiveSurroundings) {
    this.#around = around
  }

  get text() {
    return this.#text
  }
  answerOf(setup: Setup): LiveAnswer | undefined {
    return this.#answers.get(setup)
  }

  /** Takes what was typed. What was answered to the text before stands until it is answered anew. */
  write(text: string): void {
    this.#text = text
    void this.ask()
  }

  /** Asks all set-ups, one after another, once the runs that are under way are done. Resolves when they have answered. */
  ask(): Promise<void> {
    const request = ++this.#request
    const isNewest = () => request === this.#request
    this.#asking = this.#asking.then(() => this.#askAll(this.#text.trim(), isNewest))
    return this.#asking
  }

  async #askAll(text: string, isNewest: () => boolean): Promise<void> {
    const { asking, queue, setups } = this.#around
    if (text === '') this.#answers = new Map()
    if (text === '' || !isNewest()) return
    await queue.run([])
    for (const setup of setups()) {
      if (!isNewest()) return
      if (!this.#answers.has(setup)) this.#put(setup, { kind: 'asked' })
      const answer = await this.#answerOf(setup, text)
      if (isNewest()) this.#put(setup, answer)
    }
    await asking.restoreFormats()
  }

  async #answerOf({ record }: Setup, text: string): Promise<LiveAnswer> {
    const { engine, asking } = this.#around
    const plan = await asking.plan(record)
    if (!plan.ok) return { kind: 'failed', message: plan.error.message }
    const { setup } = plan.value
    const results: ScoredText[] = []
    const outcome = await engine.classify(
      { ...setup, texts: [text] },
      { onResults: (some) => void results.push(...some) },
    )
    const [scored] = results
    if (!outcome.ok) return { kind: 'failed', message: outcome.error.message }
    return scored
      ? { kind: 'answered', task: setup.task, mode: setup.mode, scored }
      : { kind: 'failed', message: 'The engine gave no answer: restart it from its panel at the top.' }
  }

  #put(setup: Setup, answer: LiveAnswer): void {
    this.#answers = new Map([...this.#answers, [setup, answer]])
  }
}
