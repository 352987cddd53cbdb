/** Puts the page's state together from what the browser offers; everything that is slow or may fail is handed in. */
import { composeProject, type ProjectSurroundings } from './compose-project'
import { newHead } from './domain/project'
import type { ClosableEngineClient } from './engine/client'
import type { Backend } from './engine/contract'
import type { EngineClient } from './engine/engine-client'
import type { Outcome } from './domain/outcome'
import type { FilesClient } from './files/files-client'
import { DEMONSTRATIONS } from './samples/demonstrations'
import { SAMPLE_LINES } from './samples/sample-lines'
import type { CatalogueModel } from './state/catalogue'
import { guardedEngine } from './state/guarded-engine'
import { Adapters } from './state/adapters.svelte'
import { Backends } from './state/backends.svelte'
import { DeviceCheck, type About } from './state/device-check.svelte'
import { LabelKeys } from './state/labelling/label-keys.svelte'
import { Models } from './state/models.svelte'
import type { PageParts } from './state/page-parts'
import { PlaceInPage } from './state/place-in-page.svelte'
import { ModelLoader } from './state/model-loader.svelte'
import { Notes } from './state/notes.svelte'
import { ProjectDialog } from './state/project-dialog.svelte'
import { ProjectList } from './state/project-list.svelte'
import { Projects } from './state/projects.svelte'
import { Rates } from './state/rates.svelte'
import { Settings } from './state/settings.svelte'
import { lateWrittenModels } from './state/late-written-models'
import type { Turns } from './state/turns'
import { ADAPTERS_KEY, adaptersSchema } from './storage/adapters-record'
import { MODELS_KEY, modelsSchema } from './storage/models-record'
import { ProjectShelf } from './storage/project-shelf'
import type { StoreClient } from './store/store-client'
import { LABEL_KEYS_KEY, labelKeysSchema } from './storage/label-keys-record'
import { RATES_KEY, ratesSchema } from './storage/rates-record'
import type { RecordStore } from './storage/record-store'
import { SPEEDS_KEY, speedsSchema } from './storage/speeds-record'
import { SETTINGS_KEY, settingsSchema } from './storage/settings-record'
import { createWorkspace } from './storage/workspace'

export interface Surroundings extends ProjectSurroundings {
  readonly engine: EngineClient
  /** Starts an engine beside that one. */
  readonly openEngine: (backend: Backend) => ClosableEngineClient
  readonly about: About
  readonly files: FilesClient
  readonly store: RecordStore
  readonly modelStore: StoreClient
  /** Of the page's address, with `#`. */
  readonly hash: string
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number
  /** Milliseconds since 1970. */
  readonly today: () => number
  readonly nextTurn: Turns['next']
  readonly readCatalogue: () => Promise<Outcome<readonly CatalogueModel[], string>>
}

/** Reads what was kept from the last visit and builds the state on it. */
export async function compose(around: Surroundings): Promise<Projects> {
  const { store, readCatalogue, now, today, nextTurn, newId } = around
  const turns: Turns = { now, next: nextTurn }
  const engine = guardedEngine(around.engine)
  const notes = new Notes()
  const workspace = createWorkspace(store, (note) => notes.add(note))
  const shelf = new ProjectShelf(store, workspace, newHead(newId(), 'My texts', today()))
  const [
    savedSettings,
    savedRates,
    savedSpeeds,
    savedModels,
    savedAdapters,
    savedKeys,
    catalogue,
    listed,
    slot,
  ] = await Promise.all([
    workspace.read(SETTINGS_KEY, settingsSchema),
    workspace.read(RATES_KEY, ratesSchema),
    workspace.read(SPEEDS_KEY, speedsSchema),
    workspace.read(MODELS_KEY, modelsSchema),
    workspace.read(ADAPTERS_KEY, adaptersSchema),
    workspace.read(LABEL_KEYS_KEY, labelKeysSchema),
    readCatalogue(),
    shelf.list(),
    shelf.current(),
  ])
  if (!catalogue.ok) notes.add(catalogue.error)
  const settings = new Settings(workspace, savedSettings.value)
  // In `auto` too WASM answers first.
  const loader = new ModelLoader(
    engine,
    () => (settings.backend === 'webgpu' ? 'webgpu' : 'wasm'),
    (model) => adapters.of(model),
  )
  const adapters: Adapters = new Adapters({ engine, loader, workspace, saved: savedAdapters.value })
  const probes = [...SAMPLE_LINES, ...DEMONSTRATIONS.slice(0, 20).map(({ text }) => text)]
  const page: PageParts = {
    engine,
    openEngine: around.openEngine,
    catalogue: catalogue.ok ? catalogue.value : [],
    demonstrations: DEMONSTRATIONS,
    settings,
    loader,
    models: new Models(
      around.modelStore,
      workspace,
      savedModels.value,
      (listed) => void adapters.keepOnly(listed),
    ),
    adapters,
    openWritten: lateWrittenModels(engine),
    place: new PlaceInPage(around.hash),
    backends: new Backends({
      engine,
      settings,
      loader,
      workspace,
      saved: savedSpeeds.value,
      texts: probes,
      isBusy: () => projects.current.isClassifying,
    }),
    deviceCheck: new DeviceCheck({ openEngine: around.openEngine, texts: probes, about: around.about }),
    about: around.about,
    projectDialog: new ProjectDialog(),
    rates: new Rates(workspace, savedRates.value),
    notes,
    files: around.files,
    turns,
    flush: () => workspace.settled(),
    labelKeys: new LabelKeys(workspace, savedKeys.value?.keys),
  }
  const list = new ProjectList(
    { shelf, channel: around.openChannel('smallcap projects'), notes, today },
    listed ?? shelf.only,
  )
  const projects = await Projects.begin(
    {
      shelf,
      list,
      notes,
      newId,
      today,
      compose: (project) => composeProject(page, project, workspace, around),
    },
    slot,
  )
  return projects
}
