import { DEFAULT_KEYS, withKey, type KeyMap, type LabelCommand } from '../../domain/labelling/key-map'
import { LABEL_KEYS_KEY } from '../../storage/label-keys-record'
import type { Workspace } from '../../storage/workspace'

/** Which keys label, for all projects of this browser. */
export class LabelKeys {
  readonly #workspace: Workspace
  #map = $state.raw<KeyMap>(DEFAULT_KEYS)

  /** @param workspace of the page, not of a project */
  constructor(workspace: Workspace, saved: KeyMap = DEFAULT_KEYS) {
    this.#workspace = workspace
    this.#map = saved
  }

  get map() {
    return this.#map
  }

  /** Gives a command another key; answers false where that key cannot be had. */
  assign(command: LabelCommand, key: string): boolean {
    const changed = withKey(this.#map, command, key)
    if (changed === this.#map) return false
    this.#keep(changed)
    return true
  }
  reset(): void {
    this.#keep(DEFAULT_KEYS)
  }

  #keep(keys: KeyMap): void {
    this.#map = keys
    void this.#workspace.write({ [LABEL_KEYS_KEY]: { version: 1, keys } })
  }
}
