import { dequantise } from '../../workers/formats/dequantise'
import { encodeF16, MAX_F16 } from '../../workers/formats/half'
import { halfTensor } from '../../workers/formats/half-tensor'
import { fitsInt4, INT4_BLOCK, quantiseBlocks, zeroPointBytes } from '../../workers/formats/int4-blocks'
import type { ModelWeights } from '../../workers/formats/model-weights'
import type { PackFormat } from '../../workers/formats/pack-metadata'
import { quantiseColumns, quantiseRows, type QuantisedMatrix } from '../../workers/formats/quantise'
import type { TensorToWrite } from '../../workers/formats/safetensors-writer'
import type { T5Config } from '../../workers/formats/t5-config'
import {
  OUTPUT_HEAD,
  T5_POSITION_BIASES,
  t5Projections,
  t5Norms,
  VOCABULARY_TABLE,
  type Projection,
} from '../../workers/formats/t5-tensors'

type PackProjection = (projection: Projection, weight: Float32Array) => readonly TensorToWrite[]
type PackTable = (
  name: string,
  shape: readonly [number, number],
  rows: Float32Array,
) => readonly TensorToWrite[]

/** What becomes of projections and of tables. */
interface Packing {
  readonly projection: PackProjection
  readonly table: PackTable
}

/**
 * The tensors of a pack: projections as [in, out] with a scale per output column, in a 4-bit pack those of feed-forward as
 * blocks of 32 inputs of an output; the vocabulary table and an untied head as [vocabulary, dModel] with a scale per row; or
 * all of these as 16-bit floats in PyTorch's layout. Norms and position biases stay as they are.
 */
export function packTensors(
  config: T5Config,
  weights: ModelWeights,
  format: PackFormat = 'int8',
): readonly TensorToWrite[] {
  const { vocabSize, dModel, numBuckets, numHeads } = config
  const ids = Array.from({ length: vocabSize }, (_, id) => id)
  const { projection: packProjection, table } = packings[format]
  return [
    ...table(VOCABULARY_TABLE, [vocabSize, dModel], weights.embeddingRows(ids)),
    ...(weights.hasOwnHead ? table(OUTPUT_HEAD, [vocabSize, dModel], weights.headRows(ids)) : []),
    ...t5Projections(config).flatMap((projection) => {
      const { module, inFeatures, outFeatures } = projection
      const linear = weights.linear(`${module}.weight`, inFeatures, outFeatures)
      if (linear.kind === 'int8' || linear.kind === 'int4') throw new Error(`${module} is quantised already`)
      return packProjection(projection, dequantise(linear))
    }),
    ...t5Norms(config).map((name) => float(name, [dModel], weights.vector(name, dModel))),
    ...T5_POSITION_BIASES.map((name) =>
      float(name, [numBuckets, numHeads], weights.matrix(name, numBuckets, numHeads)),
    ),
  ]
}

const packInt8: PackProjection = ({ module, inFeatures, outFeatures }, weight) =>
  int8Tensors(`${module}.weight`, [inFeatures, outFeatures], quantiseColumns(weight, inFeatures, outFeatures))

/**
 * Whether a 4-bit pack keeps a projection at 8 bits: those of attention, which halves what the pack loses, and those that
 * 4 bits cannot hold.
 */
const staysInt8 = ({ module, inFeatures }: Projection, weight: Float32Array): boolean =>
  /Attention\.[qkvo]$/.test(module) ||
  !fitsInt4(inFeatures) ||
  weight.some((value) => Math.abs(value) > MAX_F16)

const packInt4: PackProjection = (projection, weight) => {
  if (staysInt8(projection, weight)) return packInt8(projection, weight)
  const { module, inFeatures, outFeatures } = projection
  const name = `${module}.weight`
  const blocks = inFeatures / INT4_BLOCK
  const { codes, scale, zeroPoints } = quantiseBlocks(weight, outFeatures, inFeatures)
  return [
    { name, dtype: 'U8', shape: [outFeatures, blocks, INT4_BLOCK / 2], data: codes },
    { name: `${name}.scale`, dtype: 'F16', shape: [outFeatures, blocks], data: encodeF16(scale) },
    {
      ...{ name: `${name}.zero_point`, dtype: 'U8' },
      shape: [outFeatures, zeroPointBytes(blocks)],
      data: zeroPoints,
    },
  ]
}

const int8Table: PackTable = (name, shape, rows) => int8Tensors(name, shape, quantiseRows(rows, ...shape))

const halves: PackTable = (name, shape, values) => [halfTensor({ name, shape, values })]

const packings: Readonly<Record<PackFormat, Packing>> = {
  int8: { projection: packInt8, table: int8Table },
  int4: { projection: packInt4, table: int8Table },
  fp16: {
    projection: ({ module, inFeatures, outFeatures }, weight) =>
      halves(`${module}.weight`, [outFeatures, inFeatures], weight),
    table: halves,
  },
}

const float = (name: string, shape: readonly number[], data: Float32Array): TensorToWrite => ({
  name,
  dtype: 'F32',
  shape,
  data,
})

function int8Tensors(
  name: string,
  shape: readonly number[],
  { quantised, scale }: QuantisedMatrix,
): readonly TensorToWrite[] {
  return [{ name, dtype: 'I8', shape, data: quantised }, float(`${name}.scale`, [scale.length], scale)]
}
