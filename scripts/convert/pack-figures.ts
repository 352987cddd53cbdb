import type { NumberFormat } from '../../src/engine/contract'
import type { FormatLoss } from '../../workers/formats/format-loss'
import type { PackFormat } from '../../workers/formats/pack-metadata'
import type { TestScore } from '../../workers/formats/test-scores'

/** What is measured of a pack before it is written; its metadata tell of it. */
export interface PackFigures {
  readonly loss?: FormatLoss
  readonly scores?: readonly TestScore[]
}

export const figuresMetadata = ({ loss, scores }: PackFigures): Readonly<Record<string, string>> => ({
  ...(loss && { loss: JSON.stringify(loss) }),
  ...(scores && { scores: JSON.stringify({ scores }) }),
})

/** The number formats that one pack is run in. */
export const numberFormats: Readonly<Record<PackFormat, readonly NumberFormat[]>> = {
  // The same file on both backends: WASM quantises activations too, WebGPU does not.
  int8: ['int8', 'int8-weights'],
  int4: ['int4-weights'],
  fp16: ['fp16-weights'],
}
