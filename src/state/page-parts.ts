import type { Demonstration } from '../domain/task'
import type { ClosableEngineClient } from '../engine/client'
import type { Backend } from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'
import type { FilesClient } from '../files/files-client'
import type { Adapters } from './adapters.svelte'
import type { Backends } from './backends.svelte'
import type { CatalogueModel } from './catalogue'
import type { About, DeviceCheck } from './device-check.svelte'
import type { LabelKeys } from './labelling/label-keys.svelte'
import type { ModelLoader } from './model-loader.svelte'
import type { Models } from './models.svelte'
import type { Notes } from './notes.svelte'
import type { PlaceInPage } from './place-in-page.svelte'
import type { ProjectDialog } from './project-dialog.svelte'
import type { Rates } from './rates.svelte'
import type { Settings } from './settings.svelte'
import type { Turns } from './turns'
import type { WrittenModels } from './written-models.svelte'

/** What lives as long as the page, whichever project is open. */
export interface PageParts {
  readonly engine: EngineClient
  /** Starts an engine beside that one. */
  readonly openEngine: (backend: Backend) => ClosableEngineClient
  /** The models that come with the page. */
  readonly catalogue: readonly CatalogueModel[]
  /** The built-in ones. */
  readonly demonstrations: readonly Demonstration[]
  readonly settings: Settings
  readonly loader: ModelLoader
  readonly models: Models
  readonly adapters: Adapters
  readonly openWritten: () => Promise<WrittenModels>
  readonly place: PlaceInPage
  readonly backends: Backends
  readonly deviceCheck: DeviceCheck
  readonly about: About
  readonly projectDialog: ProjectDialog
  readonly rates: Rates
  readonly notes: Notes
  readonly files: FilesClient
  readonly turns: Turns
  readonly labelKeys: LabelKeys
  /** Resolves once whatever else is on its way to storage is there. */
  readonly flush: () => Promise<unknown>
}
