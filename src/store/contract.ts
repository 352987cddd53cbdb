/** The one agreement between the page and the store worker: model files come from a hub, a folder or a file; no text does. */
import type { Outcome } from '../domain/outcome'

export type StoreErrorCode =
  /** Nothing here can be used as a model; the message says what was found and what is missing. */
  | 'not-a-model'
  /** The hub knows no such repository, revision or file. */
  | 'not-found'
  /** The repository is private, or its licence must be accepted first. */
  | 'access'
  /** Too many requests; see {@link StoreError.retryAfterSeconds}. */
  | 'rate-limit'
  /** The hub failed (5xx), or answered something that a hub does not answer. */
  | 'hub'
  /** This device has no network. */
  | 'offline'
  /** The hub could not be reached, or the connection was cut or fell silent again and again. */
  | 'connection'
  /** The browser has no room for it; see {@link StoreError.couldRemove}. Nothing else was touched. */
  | 'disk-full'
  /** The bytes are not those that were published, or what was stored is damaged. */
  | 'wrong-hash'
  /** The browser refuses to store anything, e.g. in a private window, or a picked file cannot be read any more. */
  | 'unreadable'
  /** No stored model has this id. */
  | 'unknown-model'
  /** Stopped by {@link Store.pause}; what is there is kept. */
  | 'paused'
  | 'cancelled'
  /** The store worker died; the next call starts another, and what was stored is still there. */
  | 'worker-lost'

export interface StoreError {
  readonly code: StoreErrorCode
  /** One or two sentences: what was wrong, where, and what to do. */
  readonly message: string
  /** With code `rate-limit`, where the hub said so. */
  readonly retryAfterSeconds?: number
  /** With code `disk-full`: models that could make room, least recently used first. */
  readonly couldRemove?: readonly Removable[]
}

export interface Removable {
  readonly model: StoredModelId
  readonly name: string
  readonly bytes: number
}

export type StoreOutcome<T> = Outcome<T, StoreError>

/** Names a running job, so that `cancel` can reach it. Chosen by the caller, unique per job. */
export type StoreJobId = string

/**
 * Names a stored model. Folders that come with the page have their own names (`smallcap-t5-nano`); all others have a colon in
 * theirs, e.g. `hub:google/flan-t5-small@0fc9ddf78a1e:int8`. The engine loads a stored model by this id.
 */
export type StoredModelId = string

/** The hub that is asked where no other is named. */
export const DEFAULT_HUB = 'https://huggingface.co'

/** Where to look for a model. */
export type ModelPlace =
  | {
      readonly kind: 'hub'
      /** `owner/name`, or its address on the hub. */
      readonly repository: string
      /** Branch, tag or commit; `main` where it is left out. */
      readonly revision?: string
      /** A mirror's address, e.g. `https://hub.example/`; {@link DEFAULT_HUB} where it is left out. */
      readonly base?: string
    }
  | {
      readonly kind: 'files'
      /** What the folder or file is called. */
      readonly name: string
      readonly files: readonly PickedFile[]
    }

/** A file of this device. */
export interface PickedFile {
  /** Relative to the folder that was picked, with `/`. */
  readonly path: string
  readonly file: Blob
}

/** Where a model came from. */
export type ModelOrigin =
  | {
      readonly kind: 'hub'
      readonly base: string
      readonly repository: string
      /** As it was asked for. */
      readonly revision: string
      /** What the revision meant at that time, 40 hexadecimal digits: what is downloaded does not change under our hands. */
      readonly commit: string
    }
  | { readonly kind: 'files'; readonly name: string }
  /** It came with the page. */
  | { readonly kind: 'page' }

/** How a model is run. */
export type ModelKind =
  /** T5 in safetensors, in one file or several. */
  | 't5'
  /** T5 as transformers.js runs it: encoder and merged decoder in ONNX. */
  | 't5-onnx'
  /** An encoder with a classification head in ONNX. */
  | 'encoder'
  /** LoRA in PEFT's layout; it needs its base model. */
  | 'adapter'

/** What a publisher says of a file's bytes; a file from this device has nothing of the kind. */
export interface FileHash {
  readonly kind: 'sha256' | 'git'
  /** Lower-case hexadecimal: SHA-256 of the bytes, or git's SHA-1 of the blob. */
  readonly hex: string
}

export interface PublishedFile {
  readonly path: string
  readonly sizeBytes: number
  readonly hash?: FileHash
}

/** One way to take a model. Goes back to {@link Store.download} as it came. */
export interface ModelChoice {
  /** The id that it has, or will have, among the stored models. */
  readonly model: StoredModelId
  readonly kind: ModelKind
  /** It is a folder of our own, with a `model.json` that says what is in it. */
  readonly isPack: boolean
  /** Folders of the adapters that come with it. */
  readonly adapters: readonly string[]
  /**
   * Of the stored weights: `int8`, `q8`, `q4` (made while streaming); for ONNX folders transformers.js' names (`fp32`,
   * `fp16`, `q8`, `q4` …); `as published` where the files are kept as they are.
   */
  readonly numberFormat: string
  /** Over the network, or out of the picked files. */
  readonly downloadBytes: number
  /** On this device afterwards; an estimate where the weights are quantised while streaming. */
  readonly storedBytes: number
  readonly files: readonly PublishedFile[]
}

/** What was found at a {@link ModelPlace}. */
export interface Inspection {
  readonly origin: ModelOrigin
  /** `owner/name`, or the folder's name. */
  readonly name: string
  /** As the hub's tags have it, e.g. `apache-2.0`. */
  readonly licence?: string
  /** Weights, where the hub or the pack says so. */
  readonly parameters?: number
  /** Of an adapter: the model that it was trained on, as its configuration names it. */
  readonly baseModel?: string
  /** Everything that is there. */
  readonly files: readonly PublishedFile[]
  /** Best first. Empty where nothing of it can be used: `unusable` says why. */
  readonly choices: readonly ModelChoice[]
  /** A sentence. */
  readonly unusable?: string
}

export interface DownloadRequest {
  readonly inspection: Inspection
  readonly choice: ModelChoice
  /** Where the inspection's place was `files`: the same files once more. */
  readonly files?: readonly PickedFile[]
}

export interface StoreProgress {
  readonly model: StoredModelId
  /** Of the download, or of the bytes that are verified, exported or imported. */
  readonly doneBytes: number
  readonly totalBytes: number
  /** Over the last seconds; absent at first and while nothing arrives. */
  readonly bytesPerSecond?: number
  readonly secondsLeft?: number
  /** Set while a cut connection is tried again. */
  readonly trouble?: string
}

export type StoredState =
  /** All files are there and were verified when they came. */
  | { readonly phase: 'complete' }
  /** In this tab or another. */
  | { readonly phase: 'downloading' }
  | { readonly phase: 'paused' }
  /** The tab was closed or died, or the download failed; {@link Store.resume} goes on. */
  | { readonly phase: 'interrupted'; readonly error?: StoreError }
  /** Stored bytes were found damaged and let go; {@link Store.resume} fetches those files again. */
  | { readonly phase: 'damaged' }

export interface StoredModel {
  readonly id: StoredModelId
  readonly name: string
  readonly origin: ModelOrigin
  readonly kind: ModelKind
  readonly numberFormat: string
  readonly licence?: string
  readonly parameters?: number
  readonly baseModel?: string
  /** Verified, of the download. */
  readonly doneBytes: number
  readonly totalBytes: number
  /** On this device; models share equal files. */
  readonly storedBytes: number
  /** Milliseconds since 1970. */
  readonly addedAt: number
  readonly usedAt?: number
  readonly state: StoredState
}

export interface StoreUsage {
  readonly models: readonly Removable[]
  /** Of all model files; less than the models' sum where they share files. */
  readonly modelBytes: number
  /** Of everything that this page stores, as the browser estimates it. */
  readonly usedBytes: number
  /** What the browser says that it lets this page store in all; some tell a round figure and refuse before that is reached. */
  readonly quotaBytes: number
  /** Whether the browser promised not to evict it by itself. */
  readonly isPersisted: boolean
}

export interface Verification {
  readonly checkedBytes: number
  /** Paths of the files that were damaged and have been let go; the model is then in phase `damaged`. */
  readonly damaged: readonly string[]
}

/** The store worker's verbs. Callbacks are awaited in order before the verb's own answer. */
export interface Store {
  /** Says what is at a place and how it could be taken. Downloads configurations, never weights. */
  inspect(job: StoreJobId, place: ModelPlace): Promise<StoreOutcome<Inspection>>
  /**
   * Stores a model and goes on where an earlier attempt stopped. A second tab that asks for the same model follows the first
   * one's progress, and takes over when that tab is closed. Answers once the model is complete, paused or cancelled.
   */
  download(
    request: DownloadRequest,
    onProgress: (progress: StoreProgress) => void | Promise<void>,
  ): Promise<StoreOutcome<StoredModel>>
  /** Goes on with a model that is in the list but not complete. */
  resume(
    model: StoredModelId,
    onProgress: (progress: StoreProgress) => void | Promise<void>,
  ): Promise<StoreOutcome<StoredModel>>
  /** Stops a download, in whichever tab it runs, and keeps what is there: it answers with code `paused`. */
  pause(model: StoredModelId): Promise<void>
  /** Everything that is stored or half stored, newest first. Reads records, never bytes. */
  list(): Promise<StoreOutcome<readonly StoredModel[]>>
  usage(): Promise<StoreOutcome<Omit<StoreUsage, 'isPersisted'>>>
  /** Deletes a model and stops its download, in whichever tab it runs, which answers with code `cancelled`. */
  remove(model: StoredModelId): Promise<StoreOutcome<null>>
  removeAll(): Promise<StoreOutcome<null>>
  /** Reads all bytes of a model again and checks them against their SHA-256. */
  verify(
    job: StoreJobId,
    model: StoredModelId,
    onProgress: (progress: StoreProgress) => void | Promise<void>,
  ): Promise<StoreOutcome<Verification>>
  /** A complete model as one uncompressed tar file, verified; it refers to the stored bytes and holds none in memory. */
  exportModel(
    job: StoreJobId,
    model: StoredModelId,
    onProgress: (progress: StoreProgress) => void | Promise<void>,
  ): Promise<StoreOutcome<Blob>>
  /** Stores what {@link exportModel} gave elsewhere. */
  importModel(
    job: StoreJobId,
    file: Blob,
    onProgress: (progress: StoreProgress) => void | Promise<void>,
  ): Promise<StoreOutcome<StoredModel>>
  /** Ends a running job within a piece of its work; it answers with code `cancelled`. Unknown jobs are ignored. */
  cancel(job: StoreJobId): Promise<void>
}
