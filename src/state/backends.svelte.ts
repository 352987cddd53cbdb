import { trialMode } from './mode'
import type { GpuAdapter, ModelSummary } from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'
import type { SettingsRecord } from '../storage/settings-record'
import { SPEEDS_KEY, type SpeedsRecord } from '../storage/speeds-record'
import type { Workspace } from '../storage/workspace'
import type { ModelLoader } from './model-loader.svelte'
import type { Settings } from './settings.svelte'

export type Speed = SpeedsRecord['speeds'][string]

export interface BackendsParts {
  readonly engine: EngineClient
  readonly settings: Settings
  readonly loader: ModelLoader
  readonly workspace: Workspace
  readonly saved: SpeedsRecord | undefined
  /** Texts that both backends are timed on. */
  readonly texts: readonly string[]
  /** Something is being classified: what is timed now would tell nothing. */
  readonly isBusy: () => boolean
}

/** Which backend models run on: the one that was picked, or in `auto` the faster one, found out when nothing else is done. */
export class Backends {
  readonly #parts: BackendsParts
  #record = $state.raw<SpeedsRecord>({ version: 1, speeds: {} })
  /** Undefined before it was looked for, null where there is none. */
  #adapter = $state.raw<GpuAdapter | null>()
  #timing = $state.raw<string>()
  #considering: Promise<void> = Promise.resolve()

  constructor(parts: BackendsParts) {
    this.#parts = parts
    if (parts.saved) this.#record = parts.saved
  }

  get adapter() {
    return this.#adapter
  }
  /** Whether models run on the graphics device here, or are moved there where that is faster. */
  get usesGpu() {
    const { backend } = this.#parts.settings
    return backend === 'webgpu' || (backend === 'auto' && this.#adapter?.isSoftware === false)
  }
  /** The model whose backends are being timed. */
  get timing() {
    return this.#timing
  }

  /** How long a text takes on both backends, where that was measured on this device. */
  speedOf(model: string): Speed | undefined {
    return this.#adapter ? this.#record.speeds[`${model} ${this.#adapter.name}`] : undefined
  }

  /** Pins a backend or gives the choice back, and takes `model` there. */
  async choose(backend: SettingsRecord['backend'], model: string | undefined): Promise<void> {
    this.#parts.settings.change({ backend })
    if (model === undefined) return
    if (backend !== 'auto') await this.#parts.loader.reload(model)
    else await this.consider(model)
  }

  /** In `auto`, moves a loaded model to WebGPU where that is faster; the first time on a device both are timed. */
  consider(model: string): Promise<void> {
    this.#considering = this.#considering.then(() => this.#consider(model))
    return this.#considering
  }

  async #consider(model: string): Promise<void> {
    const { settings, loader, isBusy } = this.#parts
    if (settings.backend !== 'auto' || isBusy()) return
    const loaded = loader.summary
    if (loaded?.model !== model || loaded.fallback !== undefined || !loaded.backends.includes('webgpu'))
      return
    if (!loaded.backends.includes('webgpu')) return
    const adapter = await this.#look()
    if (!adapter || adapter.isSoftware) return
    const isOnWasm = loaded.backend === 'wasm'
    const speed = this.speedOf(model) ?? (isOnWasm ? await this.#time(loaded) : undefined)
    if (!speed) return
    const faster = speed.webgpuMs < speed.wasmMs ? 'webgpu' : 'wasm'
    if (loader.summary?.model === model && loader.summary.backend !== faster) await loader.move(model, faster)
  }

  async #look(): Promise<GpuAdapter | null> {
    if (this.#adapter === undefined) {
      const found = await this.#parts.engine.findGpu()
      this.#adapter = (found.ok ? found.value : undefined) ?? null
    }
    return this.#adapter
  }

  /** Leaves the model on WebGPU where that worked. */
  async #time(loaded: ModelSummary): Promise<Speed | undefined> {
    const { loader, workspace, isBusy } = this.#parts
    const { model } = loaded
    this.#timing = model
    try {
      const wasmMs = await this.#msPerText(loaded)
      if (wasmMs === undefined || isBusy()) return undefined
      const moved = await loader.move(model, 'webgpu')
      if (!moved.ok || moved.value.backend !== 'webgpu') return undefined
      const webgpuMs = await this.#msPerText(moved.value)
      if (webgpuMs === undefined || isBusy() || !this.#adapter) return undefined
      const speed = { wasmMs, webgpuMs }
      const key = `${model} ${this.#adapter.name}`
      this.#record = { version: 1, speeds: { ...this.#record.speeds, [key]: speed } }
      void workspace.write({ [SPEEDS_KEY]: this.#record })
      return speed
    } finally {
      this.#timing = undefined
    }
  }

  /** The second of two runs counts: in the first, shapes that were not met before are still prepared. */
  async #msPerText(loaded: ModelSummary): Promise<number | undefined> {
    const { engine, texts } = this.#parts
    const { model, task } = loaded
    const mode = trialMode(loaded)
    let elapsedMs: number | undefined
    for (let round = 0; round < 2; round += 1) {
      const outcome = await engine.classify({ model, task, mode, texts })
      if (!outcome.ok) return undefined
      elapsedMs = outcome.value.elapsedMs
    }
    return elapsedMs === undefined ? undefined : elapsedMs / texts.length
  }
}
