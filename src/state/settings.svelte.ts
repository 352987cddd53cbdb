import { DEFAULT_SETTINGS, SETTINGS_KEY, type SettingsRecord } from '../storage/settings-record'
import type { Workspace } from '../storage/workspace'

/** What the reader chose; every change is stored by the one who makes it, here. */
export class Settings {
  readonly #workspace: Workspace
  #record = $state.raw<SettingsRecord>(DEFAULT_SETTINGS)

  constructor(workspace: Workspace, saved: SettingsRecord = DEFAULT_SETTINGS) {
    this.#workspace = workspace
    this.#record = saved
  }

  get model() {
    return this.#record.model
  }
  get mode() {
    return this.#record.mode
  }
  get adapter() {
    return this.#record.adapter
  }
  get k() {
    return this.#record.k
  }
  get policy() {
    return this.#record.policy
  }
  get seed() {
    return this.#record.seed
  }
  get threshold() {
    return this.#record.threshold
  }
  get backend() {
    return this.#record.backend
  }
  get theme() {
    return this.#record.theme
  }
  get csvForm() {
    return this.#record.csvForm
  }

  /** Changes the named settings and stores them all. */
  change(changes: Partial<Omit<SettingsRecord, 'version'>>): void {
    this.#record = { ...this.#record, ...changes }
    void this.#workspace.write({ [SETTINGS_KEY]: this.#record })
  }
}
