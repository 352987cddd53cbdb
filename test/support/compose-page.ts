import { compose } from '../../src/compose'
import { failure, success } from '../../src/domain/outcome'
import type { ClosableEngineClient } from '../../src/engine/client'
import type { Backend } from '../../src/engine/contract'
import type { EngineClient } from '../../src/engine/engine-client'
import type { CatalogueModel } from '../../src/state/catalogue'
import type { Projects } from '../../src/state/projects.svelte'
import type { Smallcap } from '../../src/state/smallcap.svelte'
import type { FilesClient } from '../../src/files/files-client'
import { connect } from '../files/channel'
import type { StoreClient } from '../../src/store/store-client'
import type { TabChannel } from '../../src/state/labelling/label-journal.svelte'
import { createFakeStore } from './fake-store'
import { createFakeEngine, type FakeEngineOptions } from './fake-engine'
import { MemoryStore } from './memory-store'
import { tabChannels } from './tab-channel'

export const CATALOGUE: readonly CatalogueModel[] = [
  { id: 'smallcap-t5-nano', name: 'nano', parameters: 2_000_768, downloadBytes: 3_194_443 },
  { id: 'smallcap-t5-mini', name: 'mini', parameters: 6_557_952, downloadBytes: 8_905_147 },
]

/** No two pages give one id. */
let pages = 0

export interface PageOptions extends FakeEngineOptions {
  readonly store?: MemoryStore
  readonly modelStore?: StoreClient
  readonly hasCatalogue?: boolean
  readonly files?: FilesClient
  /** Verbs that take the place of the fake engine's. */
  readonly verbs?: Partial<EngineClient>
  /** Starts an engine beside the page's. */
  readonly openEngine?: (backend: Backend) => ClosableEngineClient
  /** The page's clock, in milliseconds. */
  readonly now?: () => number
  /** The same for all tabs of a browser. */
  readonly openChannel?: (name: string) => TabChannel
}

/** The state over the project that is open. */
export const composePage = async (options: PageOptions = {}): Promise<Smallcap> =>
  (await composeProjects(options)).current

/** The page's state over the fake engine, with frames that come as soon as nothing else is to be done. */
export function composeProjects({
  store = new MemoryStore(),
  hasCatalogue = true,
  files = connect().client,
  modelStore = createFakeStore(),
  verbs,
  now = () => performance.now(),
  openChannel = tabChannels(),
  openEngine = () => ({ ...createFakeEngine(engine), close: () => undefined }),
  ...engine
}: PageOptions = {}): Promise<Projects> {
  const page = (pages += 1)
  let lastId = 0
  return compose({
    engine: { ...createFakeEngine(engine), ...verbs },
    openEngine,
    about: { version: '0.0.0', runtime: '1.0.0', userAgent: 'a browser', processors: 2 },
    files,
    store,
    modelStore,
    openChannel,
    hash: '',
    readCatalogue: () =>
      Promise.resolve(hasCatalogue ? success(CATALOGUE) : failure('The list of models could not be read.')),
    now,
    today: () => Date.now(),
    onFrame: (callback) => setTimeout(callback),
    nextTurn: () => new Promise((resolve) => setTimeout(resolve)),
    newId: () => `${(lastId += 1)} of page ${page}`,
  })
}
