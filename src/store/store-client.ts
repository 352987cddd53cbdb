/** The page's view of the store worker: the contract's verbs with `AbortSignal`s instead of job ids. */
import type {
  DownloadRequest,
  Inspection,
  ModelPlace,
  StoredModel,
  StoredModelId,
  StoreOutcome,
  StoreProgress,
  StoreUsage,
  Verification,
} from './contract'

export interface ProgressOptions {
  readonly signal?: AbortSignal
  /** A few times a second at most. */
  readonly onProgress?: (progress: StoreProgress) => void
}

/**
 * Every verb resolves to an outcome; none rejects for an expected failure. A dead worker answers with code `worker-lost`. The
 * worker is started by the first call and again after its death; downloads are then resumed by hand.
 *
 * An aborted signal answers with code `cancelled`; for a download it means `pause`, so that nothing that arrived is lost.
 */
export interface StoreClient {
  inspect(place: ModelPlace, options?: { readonly signal?: AbortSignal }): Promise<StoreOutcome<Inspection>>
  download(request: DownloadRequest, options?: ProgressOptions): Promise<StoreOutcome<StoredModel>>
  resume(model: StoredModelId, options?: ProgressOptions): Promise<StoreOutcome<StoredModel>>
  pause(model: StoredModelId): Promise<void>
  list(): Promise<StoreOutcome<readonly StoredModel[]>>
  usage(): Promise<StoreOutcome<StoreUsage>>
  /** Asks the browser never to evict what this page stores; whether it promised that. */
  persist(): Promise<boolean>
  remove(model: StoredModelId): Promise<StoreOutcome<null>>
  removeAll(): Promise<StoreOutcome<null>>
  verify(model: StoredModelId, options?: ProgressOptions): Promise<StoreOutcome<Verification>>
  exportModel(model: StoredModelId, options?: ProgressOptions): Promise<StoreOutcome<Blob>>
  importModel(file: Blob, options?: ProgressOptions): Promise<StoreOutcome<StoredModel>>
  /** Ends the worker; a download that it was busy with is `interrupted` until it is resumed. */
  close(): void
}
