import type { ModelWeights } from './model-weights'
import { quantiseColumns, quantiseRows, type QuantisedMatrix } from './quantise'
import type { TensorToWrite } from './safetensors-writer'
import type { T5Config } from './t5-config'
import { OUTPUT_HEAD, T5_POSITION_BIASES, t5Projections, t5Norms, VOCABULARY_TABLE } from './t5-tensors'

/**
 * The tensors of an int8 pack: projections as [in, out] with a scale per output column, the vocabulary table and an
 * untied head as [vocabulary, dModel] with a scale per row, norms and position biases as they are.
 */
export function packTensors(config: T5Config, weights: ModelWeights): readonly TensorToWrite[] {
  const { vocabSize, dModel, numBuckets, numHeads } = config
  const ids = Array.from({ length: vocabSize }, (_, id) => id)
  const table = (name: string, rows: Float32Array) =>
    int8Tensors(name, [vocabSize, dModel], quantiseRows(rows, vocabSize, dModel))
  return [
    ...table(VOCABULARY_TABLE, weights.embeddingRows(ids)),
    ...(weights.hasOwnHead ? table(OUTPUT_HEAD, weights.headRows(ids)) : []),
    ...t5Projections(config).flatMap(({ module, inFeatures, outFeatures }) => {
      const name = `${module}.weight`
      const linear = weights.linear(name, inFeatures, outFeatures)
      if (linear.kind !== 'fp32') throw new Error(`${name} is quantised already`)
      return int8Tensors(
        name,
        [inFeatures, outFeatures],
        quantiseColumns(linear.weight, inFeatures, outFeatures),
      )
    }),
    ...t5Norms(config).map((name) => float(name, [dModel], weights.vector(name, dModel))),
    ...T5_POSITION_BIASES.map((name) =>
      float(name, [numBuckets, numHeads], weights.matrix(name, numBuckets, numHeads)),
    ),
  ]
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
