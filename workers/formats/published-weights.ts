import { bytesOf } from '../graph/tensor'
import type { ModelWeights } from './model-weights'
import { encodeHeader, type TensorShape } from './safetensors-writer'
import type { T5Config } from './t5-config'
import { OUTPUT_HEAD, T5_POSITION_BIASES, t5Norms, t5Projections, VOCABULARY_TABLE } from './t5-tensors'

/** A tensor to come, and how its values are made when its turn has come. */
interface Pending extends TensorShape {
  readonly values: () => Float32Array
}

/** Rows of the vocabulary table that are made at a time. */
const TABLE_ROWS = 4_096

/**
 * Writes weights as `model.safetensors` under the reference implementation's names, in F32, piece by piece: only one
 * projection or some rows of a table are held at a time.
 * @param weights in fp32, see asFp32
 */
export function* publishedWeights(config: T5Config, weights: ModelWeights): Generator<Uint8Array> {
  const { vocabSize, dModel, numBuckets, numHeads } = config
  const tables = [
    { name: VOCABULARY_TABLE, rowsOf: (ids: readonly number[]) => weights.embeddingRows(ids) },
    ...(weights.hasOwnHead
      ? [{ name: OUTPUT_HEAD, rowsOf: (ids: readonly number[]) => weights.headRows(ids) }]
      : []),
  ]
  const others: readonly Pending[] = [
    ...t5Projections(config).map(({ module, inFeatures, outFeatures }) =>
      pending(`${module}.weight`, [outFeatures, inFeatures], () => {
        const linear = weights.linear(`${module}.weight`, inFeatures, outFeatures)
        if (linear.kind !== 'fp32') throw new Error(`${module} is ${linear.kind}, not fp32`)
        return linear.weight
      }),
    ),
    ...t5Norms(config).map((name) => pending(name, [dModel], () => weights.vector(name, dModel))),
    ...T5_POSITION_BIASES.map((name) =>
      pending(name, [numBuckets, numHeads], () => weights.matrix(name, numBuckets, numHeads)),
    ),
  ]
  const shapes = [...tables.map(({ name }) => shapeOf(name, [vocabSize, dModel])), ...others]
  yield encodeHeader(shapes, { format: 'pt' }).head
  for (const { rowsOf } of tables)
    for (let start = 0; start < vocabSize; start += TABLE_ROWS) {
      const length = Math.min(TABLE_ROWS, vocabSize - start)
      yield bytesOf(rowsOf(Array.from({ length }, (_, i) => start + i)))
    }
  for (const { values } of others) yield bytesOf(values())
}

const shapeOf = (name: string, shape: readonly number[]): TensorShape => ({ name, dtype: 'F32', shape })

const pending = (name: string, shape: readonly number[], values: () => Float32Array): Pending => ({
  ...shapeOf(name, shape),
  values,
})
