import type { StreamTransform } from '../formats/stream-transform'
import type { PublishedFile } from '../../src/store/contract'

/** Where a transform stood after everything that it had returned was stored. */
export type Checkpoint = ReturnType<StreamTransform['checkpoint']>

/** A published weights file about to be converted. */
export interface ConversionSource {
  readonly path: string
  readonly sizeBytes: number
  /** The bytes of another file of the same model that is stored already, e.g. `config.json`. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>
}

/** A way to turn T5's published weights into another number format while they arrive. */
export interface Conversion {
  /** As it is shown and stored, e.g. `int8`. */
  readonly numberFormat: string
  /** What a weights file will be called, e.g. `model.int8.safetensors`. */
  resultPath(path: string): string
  /** About how large the result of so large a file will be. */
  estimateBytes(weights: PublishedFile): number
  /** @param resume a checkpoint; undefined at the beginning. Throws ModelFormatError where the model is not of its kind. */
  start(source: ConversionSource, resume: Checkpoint | undefined): Promise<StreamTransform>
}
