import type { CheckOutcome, CheckRow } from '../domain/device-check'
import { differenceOf } from '../domain/device-check'
import { weightsHash } from '../domain/run-parts'
import { trialMode } from './mode'
import type { ClosableEngineClient } from '../engine/client'
import {
  type Backend,
  type EngineOutcome,
  type GpuAdapter,
  type ModelSummary,
  type NumberFormat,
  type ScoredText,
} from '../engine/contract'

/** The page that a report is about. */
export interface About {
  readonly version: string
  /** The version of ONNX Runtime. */
  readonly runtime: string
  readonly userAgent: string
  readonly processors: number
}

export interface DeviceCheckParts {
  /** Starts an engine of its own, so that the check disturbs nobody. */
  readonly openEngine: (backend: Backend) => ClosableEngineClient
  readonly texts: readonly string[]
  readonly about: About
}

/** A {@link CheckRow} of the page's own backends and formats. */
export interface DeviceCheckRow extends CheckRow {
  readonly backend: Backend
  readonly numberFormat: NumberFormat
}

/** What is checked: a model as it was loaded. */
type Checked = Pick<ModelSummary, 'model' | 'backends' | 'numberFormats' | 'adapters'>

type Probabilities = readonly (readonly number[])[]

const BACKENDS: readonly Backend[] = ['wasm', 'webgpu']
/**
 * In int8 the activations are rounded to 8 bits. Quantised weights alone are the reference's very numbers, but what an adapter
 * makes of them is rounded anew.
 */
const isApproximate = (format: NumberFormat, hasAdapter: boolean): boolean =>
  format === 'int8' || (hasAdapter && (format === 'int8-weights' || format === 'int4-weights'))

/** Runs some texts on every backend in every number format, and compares each with fp32 on WASM, the reference. */
export class DeviceCheck {
  readonly #parts: DeviceCheckParts
  #rows = $state.raw<readonly DeviceCheckRow[]>([])
  #isOpen = $state.raw(false)
  #facts = $state.raw<readonly (readonly [string, string])[]>([])
  #abort = new AbortController()
  #isRunning = $state.raw(false)

  constructor(parts: DeviceCheckParts) {
    this.#parts = parts
  }

  get isOpen() {
    return this.#isOpen
  }
  get rows() {
    return this.#rows
  }
  get isRunning() {
    return this.#isRunning
  }
  /** How many texts each set-up is asked. */
  get texts() {
    return this.#parts.texts.length
  }
  /** What a report says besides the rows: name and value. */
  get facts() {
    return this.#facts
  }

  open(): void {
    this.#isOpen = true
  }

  close(): void {
    this.stop()
    this.#isOpen = false
  }

  stop(): void {
    this.#abort.abort()
  }

  /** Checks a model in place of an earlier check. */
  async start({ model, backends, numberFormats, adapters }: Checked): Promise<void> {
    this.#abort.abort()
    const abort = (this.#abort = new AbortController())
    this.#facts = this.#about(model)
    const formatsOn = (backend: Backend) =>
      backend === 'wasm' ? numberFormats : numberFormats.filter((format) => format !== 'int8')
    this.#rows = BACKENDS.filter((backend) => backends.includes(backend)).flatMap((backend) =>
      formatsOn(backend).map((numberFormat) => ({
        ...{ backend, numberFormat },
        isApproximate: isApproximate(numberFormat, adapters.length > 0),
        outcome: { kind: 'waiting' } as const,
      })),
    )
    const isNewest = () => this.#abort === abort
    const tell: Tell = {
      signal: abort.signal,
      row: (backend, format, outcome) => {
        const isIt = (row: DeviceCheckRow) => row.backend === backend && row.numberFormat === format
        if (isNewest()) this.#rows = this.#rows.map((row) => (isIt(row) ? { ...row, outcome } : row))
      },
    }
    this.#isRunning = true
    try {
      let reference: Probabilities | undefined
      for (const backend of BACKENDS)
        if (!abort.signal.aborted) reference = await this.#checkBackend(backend, model, reference, tell)
    } finally {
      if (isNewest()) this.#end()
    }
  }

  /** What was not looked at any more was stopped. */
  #end(): void {
    this.#isRunning = false
    this.#rows = this.#rows.map((row) =>
      ['waiting', 'running'].includes(row.outcome.kind) ? { ...row, outcome: { kind: 'stopped' } } : row,
    )
  }

  #about(model: string): readonly (readonly [string, string])[] {
    const { version, runtime, userAgent, processors } = this.#parts.about
    return [
      ['Smallcap', version],
      ['ONNX Runtime Web', runtime],
      ['browser', userAgent],
      ['processors', String(processors)],
      ['model', model],
    ]
  }

  /** Answers the reference's probabilities, which the first set-up of all gives. */
  async #checkBackend(backend: Backend, model: string, known: Probabilities | undefined, tell: Tell) {
    const formats = this.#rows.filter((row) => row.backend === backend).map((row) => row.numberFormat)
    if (formats.length === 0) return known
    const engine = this.#parts.openEngine(backend)
    let reference = known
    try {
      const refusal = await this.#look(engine, backend)
      for (const format of formats) {
        if (tell.signal.aborted) break
        if (refusal !== undefined) tell.row(backend, format, { kind: 'failed', reason: refusal })
        else {
          tell.row(backend, format, { kind: 'running' })
          const measured = await this.#measure(engine, backend, format, model, tell.signal)
          if (measured.ok) reference ??= measured.value.probabilities
          tell.row(backend, format, outcomeOf(measured, reference))
        }
      }
      return reference
    } finally {
      engine.close()
    }
  }

  /** Notes what the backend runs on; answers why it cannot be checked at all, as a clause. */
  async #look(engine: ClosableEngineClient, backend: Backend): Promise<string | undefined> {
    if (backend === 'wasm') {
      const survey = await engine.survey()
      if (!survey.ok) return survey.error.message
      const { threads, isCrossOriginIsolated } = survey.value
      this.#note('threads', `${threads}, ${isCrossOriginIsolated ? 'isolated' : 'not isolated'}`)
      return undefined
    }
    const adapter = await engine.findGpu()
    if (!adapter.ok) return adapter.error.message
    if (!adapter.value) return 'this browser offers no graphics device'
    this.#note('graphics device', deviceWords(adapter.value))
    return undefined
  }

  #note(name: string, value: string): void {
    this.#facts = [...this.#facts, [name, value]]
  }

  async #measure(
    engine: ClosableEngineClient,
    backend: Backend,
    numberFormat: NumberFormat,
    model: string,
    signal: AbortSignal,
  ): Promise<EngineOutcome<Measured>> {
    const loaded = await engine.load({ model, numberFormat, backend }, { signal })
    if (!loaded.ok) return loaded
    const { task, adapters, loadMs } = loaded.value
    const [adapter] = adapters
    if (backend === 'wasm' && numberFormat === 'fp32')
      this.#note('weights (SHA-256)', weightsHash(loaded.value.weightsSha256, adapter))
    const mode = trialMode(loaded.value)
    const probabilities: (readonly number[])[] = []
    const { texts } = this.#parts
    let elapsedMs = 0
    // The second of two runs is timed: in the first, shapes that were not met before are still prepared.
    for (let round = 0; round < 2; round += 1) {
      const onResults = (results: readonly ScoredText[]): void => {
        for (const result of results) probabilities[result.index] = result.probabilities
      }
      const run = await engine.classify({ model, task, mode, texts }, { signal, onResults })
      if (!run.ok) return run
      elapsedMs = run.value.elapsedMs
    }
    return { ok: true, value: { probabilities, loadMs, millisecondsPerText: elapsedMs / texts.length } }
  }
}

interface Measured {
  readonly probabilities: Probabilities
  readonly loadMs: number
  readonly millisecondsPerText: number
}

interface Tell {
  readonly signal: AbortSignal
  readonly row: (backend: Backend, format: NumberFormat, outcome: CheckOutcome) => void
}

function outcomeOf(measured: EngineOutcome<Measured>, reference: Probabilities | undefined): CheckOutcome {
  if (!measured.ok)
    return measured.error.code === 'cancelled'
      ? { kind: 'stopped' }
      : { kind: 'failed', reason: measured.error.message }
  const { probabilities, loadMs, millisecondsPerText } = measured.value
  if (!reference) return { kind: 'failed', reason: 'There is no answer in fp32 on WASM to compare with.' }
  return {
    kind: 'measured',
    found: { ...differenceOf(probabilities, reference), loadMs, millisecondsPerText },
  }
}

const deviceWords = ({ name, isSoftware, hasHalfFloats }: GpuAdapter): string =>
  `${name}${isSoftware ? ', computed on the processor' : ''}, ${hasHalfFloats ? 'with' : 'without'} 16-bit floats`
