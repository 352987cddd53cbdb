import { askedOf, type Asked } from '../../domain/asked'
import type { PutAdapter } from '../../engine/adapters'
import type { ClosableEngineClient } from '../../engine/client'
import type { Backend, EngineOutcome } from '../../engine/contract'
import type { RunResults } from '../run-results'
import type { Comparison } from './comparison.svelte'
import type { Setup } from './setup.svelte'

/** So many of the longest texts fill several of the largest batches: what they take, shorter ones do too. */
const TEXTS = 32

export interface MemorySurroundings {
  readonly comparison: Comparison
  /** Starts an engine beside the page's. */
  readonly openEngine: (backend: Backend) => ClosableEngineClient
  /** What is put on a model besides its own. */
  readonly adaptersOf: (model: string) => readonly PutAdapter[]
}

/** The longest of the texts that were answered, as the model counts them. */
export function longestTexts({ lines, table, count }: RunResults): readonly Asked[] {
  const { inputTokens } = table
  const longest = [...inputTokens.subarray(0, count).keys()]
    .sort((one, other) => (inputTokens[other] ?? 0) - (inputTokens[one] ?? 0))
    .slice(0, TEXTS)
  return longest.flatMap((place) => (lines[place] ? [askedOf(lines[place])] : []))
}

const isOnWasm = ({ parts }: RunResults): boolean => parts.every(({ backend }) => backend === 'wasm')

/**
 * How much memory set-ups take, as bytes of ONNX Runtime's heap in WASM. A heap never shrinks, so that of the page's engine tells
 * what was the most for all models so far: each set-up is loaded once more, by itself, into an engine that is closed again.
 */
export class Memory {
  readonly #around: MemorySurroundings
  #measured = $state.raw<Setup>()
  #trouble = $state.raw<string>()
  #abort = new AbortController()

  /** Those that can be measured and were not. */
  readonly left: readonly Setup[] = $derived.by(() =>
    this.#around.comparison.setups.filter(
      ({ answers, heapBytes }) => answers && isOnWasm(answers) && heapBytes === undefined,
    ),
  )
  /** Those that ran where there is nothing to be measured: on WebGPU weights lie in the device's buffers. */
  readonly onDevice: readonly Setup[] = $derived.by(() =>
    this.#around.comparison.setups.filter(({ answers }) => answers && !isOnWasm(answers)),
  )

  constructor(around: MemorySurroundings) {
    this.#around = around
  }

  /** The set-up that is being measured. */
  get measured() {
    return this.#measured
  }
  /** Why the last one could not be measured. */
  get trouble() {
    return this.#trouble
  }

  /** Measures what is left, one after another; resolves when that is done, or was stopped. */
  async measure(): Promise<void> {
    if (this.#measured) return
    const { comparison } = this.#around
    const { signal } = (this.#abort = new AbortController())
    this.#trouble = undefined
    try {
      for (const setup of this.left) {
        this.#measured = setup
        // Beside a run it would take its time.
        await comparison.queue.run([])
        const { answers } = setup
        if (signal.aborted || !answers) break
        const outcome = await this.#heapOf(answers, signal)
        if (outcome.ok) comparison.noteHeap(setup, answers.runId, outcome.value)
        else if (outcome.error.code !== 'cancelled')
          this.#trouble = `${comparison.nameOfSetup(setup)}: ${outcome.error.message}`
      }
    } finally {
      this.#measured = undefined
    }
  }

  stop(): void {
    this.#abort.abort()
  }

  async #heapOf(answers: RunResults, signal: AbortSignal): Promise<EngineOutcome<number>> {
    const { model, task, mode } = answers.setup
    const adapters =
      mode.kind === 'fine-tuned'
        ? this.#around.adaptersOf(model).filter(({ adapter }) => adapter === mode.adapter)
        : []
    const engine = this.#around.openEngine('wasm')
    try {
      const { numberFormat } = answers.summary
      const loaded = await engine.load({ model, numberFormat, backend: 'wasm', adapters }, { signal })
      if (!loaded.ok) return loaded
      const asked = await engine.classify({ model, task, mode, texts: longestTexts(answers) }, { signal })
      return asked.ok ? await engine.heapBytes() : asked
    } finally {
      engine.close()
    }
  }
}
