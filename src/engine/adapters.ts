/** The part of the engine's contract that is about adapters, and about models written in other layouts. */

/** A LoRA adapter in PEFT's layout: the bytes of its two files, or where it is stored. */
export type AdapterOrigin =
  | {
      readonly kind: 'files'
      /** Of `adapter_config.json`. */
      readonly config: Uint8Array<ArrayBuffer>
      /** Of `adapter_model.safetensors`. */
      readonly weights: Uint8Array<ArrayBuffer>
    }
  | {
      readonly kind: 'stored'
      /** The name under which the engine's source has it, as it has models. */
      readonly model: string
    }

export interface AdapterName {
  /** A loaded model. */
  readonly model: string
  /** How a fine-tuned mode names it. */
  readonly adapter: string
}

/** An adapter that is put on a model besides those that the model came with. */
export interface PutAdapter {
  /** How a fine-tuned mode names it. */
  readonly adapter: string
  readonly origin: AdapterOrigin
}

/** One of that name is replaced. */
export interface AddAdapterRequest extends AdapterName, PutAdapter {}

/**
 * `adapter`: the adapter by itself, in PEFT's layout. `safetensors`: the model in the reference implementation's layout,
 * fp32. `onnx`: the folder that transformers.js loads, fp32. The latter two have the adapter merged into the weights.
 */
export type ExportLayout = 'adapter' | 'safetensors' | 'onnx'

/** Without an adapter's name the base model is written. */
export interface ExportRequest extends Omit<AdapterName, 'adapter'>, Partial<Pick<AdapterName, 'adapter'>> {
  readonly layout: ExportLayout
}

/** About how many bytes a model takes in each layout. */
export interface ExportBytes {
  readonly safetensors: number
  /** Left out where a file would pass the 2 GB that it may have. */
  readonly onnx?: number
  /** By the adapter's name. */
  readonly adapters: Readonly<Record<string, number>>
}

/** A piece of a written file; the pieces of a file come one after another. */
export interface ExportPiece {
  /** Relative to the folder that is written, with `/`. */
  readonly path: string
  readonly bytes: Uint8Array
}
