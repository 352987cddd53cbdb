import {
  DEFAULT_LABEL_SETUP,
  LABEL_SETUP_KEY,
  labelSetupSchema,
  type LabelSetupRecord,
} from '../../storage/label-record'
import type { Workspace } from '../../storage/workspace'

/** How a project's queue is set up, and where it stands; stored with every change. */
export class LabelSetup {
  readonly #workspace: Workspace
  #record = $state.raw<LabelSetupRecord>(DEFAULT_LABEL_SETUP)

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  get record() {
    return this.#record
  }

  /** Reads what is stored, if there is something. */
  async read(): Promise<void> {
    const { value } = await this.#workspace.read(LABEL_SETUP_KEY, labelSetupSchema)
    if (value) this.#record = value
  }

  change(changes: Partial<Omit<LabelSetupRecord, 'version'>>): void {
    this.#record = { ...this.#record, ...changes }
    // Of what another tab stored meanwhile, all else stays.
    const { record } = this
    void this.#workspace.change(LABEL_SETUP_KEY, labelSetupSchema, (stored = record) => ({
      ...stored,
      ...changes,
    }))
  }
}
