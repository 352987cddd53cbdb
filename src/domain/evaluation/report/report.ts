/** What a comparison says of itself when it leaves the page: what was asked of whom, and the figures. It holds no text. */
import type { KnownDatasetId } from '../../known-dataset-ids'
import type { ProjectTask } from '../../project'
import type { RunPart } from '../../run-parts'
import type { DemonstrationPolicy, Task } from '../../task'
import type { Figures } from '../compare-answers'
import type { Metrics } from '../metrics'

/** Texts by their number and the SHA-256 of all of them in order, so that it can be told whether others are the same. */
export interface Fingerprint {
  readonly count: number
  readonly sha256: string
}

export type ReportMode =
  | { readonly kind: 'zero-shot' }
  | { readonly kind: 'as-trained' }
  | { readonly kind: 'fine-tuned'; readonly adapter: string }
  | {
      readonly kind: 'k-shot'
      readonly k: number
      readonly policy: DemonstrationPolicy
      readonly seed: number
      readonly demonstrations: Fingerprint
    }

/** What a set-up was asked, and what computed its answers. */
export interface ReportSetup {
  /** What was chosen, to be chosen again; what the page picked by itself stands in `asked`. */
  readonly choice: {
    readonly model: string
    readonly mode: string
    readonly adapter: string | null
    readonly k: number
    readonly policy: string
    readonly seed: number
    readonly template: string
    readonly numberFormat: string | null
  }
  readonly modelName: string
  readonly task: Task
  readonly mode: ReportMode
  /** How its answers were computed: rows in order, with weights, backend, device and batching. */
  readonly parts: readonly RunPart[]
  readonly weightsBytes?: number
  /** Of ONNX Runtime's heap with this set-up alone, where that was measured. */
  readonly heapBytes?: number
  readonly elapsedMs: number
}

export interface ReportSide {
  readonly number: number
  readonly name: string
  /** Null for the answers of another system, of which nothing else is known. */
  readonly setup: ReportSetup | null
  readonly answered: number
  /** Null where no text that it answered has a gold label. */
  readonly figures: Figures | null
}

export interface Report {
  /** ISO 8601. */
  readonly savedAt: string
  /** The page that it was saved from, and where that ran. */
  readonly page: {
    readonly smallcap: string
    readonly onnxRuntime: string
    readonly userAgent: string
    readonly processors: number
  }
  readonly texts: Fingerprint & {
    /** Where they are from, e.g. the name of their file. */
    readonly name: string
    readonly dataset: { readonly id: KnownDatasetId; readonly name: string } | null
    /** Texts that are there once more, and that are among the demonstrations; null where they were not counted. */
    readonly repeats: { readonly duplicates: number; readonly shown: number } | null
  }
  /** Of the texts that have one. */
  readonly gold: Fingerprint
  readonly labels: readonly string[]
  /** The project's; null where it has none and each model is asked its own. */
  readonly task: ProjectTask | null
  readonly resampling: { readonly resamples: number; readonly seed: number }
  readonly majority: Metrics | null
  readonly sides: readonly ReportSide[]
}
