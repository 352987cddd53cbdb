/** Puts the page's state together from what the browser offers; everything that is slow or may fail is handed in. */
import type { ClosableEngineClient } from './engine/client'
import type { Backend } from './engine/contract'
import type { EngineClient } from './engine/engine-client'
import type { Outcome } from './domain/outcome'
import type { FilesClient } from './files/files-client'
import { DEMONSTRATIONS } from './samples/demonstrations'
import { SAMPLE_LINES } from './samples/sample-lines'
import type { CatalogueModel } from './state/catalogue'
import { guardedEngine } from './state/guarded-engine'
import { Backends } from './state/backends.svelte'
import { DeviceCheck, type About } from './state/device-check.svelte'
import { FileMemory } from './state/file-memory.svelte'
import { composeLabelling } from './state/labelling/compose-labelling'
import { LabelKeys } from './state/labelling/label-keys.svelte'
import type { TabChannel } from './state/labelling/label-journal.svelte'
import { Models } from './state/models.svelte'
import { PlaceInPage } from './state/place-in-page.svelte'
import { ModelLoader } from './state/model-loader.svelte'
import { Notes } from './state/notes.svelte'
import { rateKeyOf } from './state/mode'
import { Rates } from './state/rates.svelte'
import { RunMemory } from './state/run-memory'
import { shownAgain } from './state/run-results'
import { Run, type RunSurroundings } from './state/run.svelte'
import { Settings } from './state/settings.svelte'
import { Smallcap } from './state/smallcap.svelte'
import { TextInput } from './state/text-input.svelte'
import { readStoredFile } from './storage/file-record'
import type { Turns } from './state/turns'
import { MODELS_KEY, modelsSchema } from './storage/models-record'
import type { StoreClient } from './store/store-client'
import { LABEL_KEYS_KEY, labelKeysSchema } from './storage/label-keys-record'
import { RATES_KEY, ratesSchema } from './storage/rates-record'
import type { RecordStore } from './storage/record-store'
import { readStoredRun } from './storage/results-record'
import { SPEEDS_KEY, speedsSchema } from './storage/speeds-record'
import { SETTINGS_KEY, settingsSchema } from './storage/settings-record'
import { TEXT_KEY, textSchema } from './storage/text-record'
import { createWorkspace } from './storage/workspace'

export interface Surroundings extends Omit<RunSurroundings, 'memory' | 'onMeasured'> {
  readonly engine: EngineClient
  /** Starts an engine beside that one. */
  readonly openEngine: (backend: Backend) => ClosableEngineClient
  readonly about: About
  readonly files: FilesClient
  readonly store: RecordStore
  readonly modelStore: StoreClient
  /** Of the page's address, with `#`. */
  readonly hash: string
  readonly nextTurn: Turns['next']
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Between the tabs of this browser. */
  readonly openChannel: (name: string) => TabChannel
  readonly readCatalogue: () => Promise<Outcome<readonly CatalogueModel[], string>>
}

/** Reads what was kept from the last visit and builds the state on it. */
export async function compose(around: Surroundings): Promise<Smallcap> {
  const { store, readCatalogue, now, onFrame, nextTurn, newId } = around
  const turns: Turns = { now, next: nextTurn }
  const engine = guardedEngine(around.engine)
  const notes = new Notes()
  const workspace = createWorkspace(store, (note) => notes.add(note))
  const [
    savedSettings,
    text,
    storedFile,
    savedRates,
    savedSpeeds,
    savedModels,
    savedKeys,
    stored,
    catalogue,
  ] = await Promise.all([
    workspace.read(SETTINGS_KEY, settingsSchema),
    workspace.read(TEXT_KEY, textSchema),
    readStoredFile(workspace),
    workspace.read(RATES_KEY, ratesSchema),
    workspace.read(SPEEDS_KEY, speedsSchema),
    workspace.read(MODELS_KEY, modelsSchema),
    workspace.read(LABEL_KEYS_KEY, labelKeysSchema),
    readStoredRun(workspace),
    readCatalogue(),
  ])
  if (!catalogue.ok) notes.add(catalogue.error)
  const memory = new RunMemory(workspace, stored)
  const rates = new Rates(workspace, savedRates.value)
  const onMeasured: RunSurroundings['onMeasured'] = ({ setup, loaded, lines, elapsedMs }) =>
    rates.remember(rateKeyOf(loaded, setup.mode), lines, elapsedMs)
  const settings = new Settings(workspace, savedSettings.value)
  // In `auto` too WASM answers first.
  const loader = new ModelLoader(engine, () => (settings.backend === 'webgpu' ? 'webgpu' : 'wasm'))
  const run = new Run(
    { engine, memory, now, onFrame, newId, onMeasured },
    stored.value && shownAgain(stored.value),
  )
  const probes = [...SAMPLE_LINES, ...DEMONSTRATIONS.slice(0, 20).map(({ text }) => text)]
  const smallcap: Smallcap = new Smallcap({
    engine,
    catalogue: catalogue.ok ? catalogue.value : [],
    demonstrations: DEMONSTRATIONS,
    settings,
    input: new TextInput(workspace, new FileMemory(workspace, newId, storedFile), SAMPLE_LINES, turns, {
      text: text.value,
      file: storedFile.value,
    }),
    loader,
    models: new Models(around.modelStore, workspace, savedModels.value),
    place: new PlaceInPage(around.hash),
    run,
    backends: new Backends({
      engine,
      settings,
      loader,
      workspace,
      saved: savedSpeeds.value,
      texts: probes,
      isBusy: () => run.isRunning,
    }),
    deviceCheck: new DeviceCheck({ openEngine: around.openEngine, texts: probes, about: around.about }),
    rates,
    notes,
    files: around.files,
    turns,
    flush: () => workspace.write({}),
    labelKeys: new LabelKeys(workspace, savedKeys.value?.keys),
    labelling: composeLabelling({
      workspace,
      channel: around.openChannel('smallcap labels'),
      clock: around.clock,
      newId,
      labels: () => smallcap.labels,
      readLabels: () => smallcap.readLabels(),
      guidelines: () => '',
      files: around.files,
      run: { engine, now, onFrame, newId, onMeasured },
      suggestions: {
        plan: () => smallcap.plan(),
        picked: () => smallcap.pickedName,
        nameOf: (model) => smallcap.nameOf(model),
        load: (model) => loader.ensure(model),
      },
    }),
  })
  return smallcap
}
