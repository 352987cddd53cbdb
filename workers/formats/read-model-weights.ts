import { decodeFloats } from './decode-tensor'
import { gatherRows } from './gather-rows'
import type { LinearWeight, ModelWeights } from './model-weights'
import { checkPackMetadata } from './pack-metadata'
import type { SafetensorsFile } from './safetensors'
import type { T5Config } from './t5-config'
import {
  countParameters,
  OUTPUT_HEAD,
  T5_POSITION_BIASES,
  t5Norms,
  t5Projections,
  VOCABULARY_TABLE,
  VOCABULARY_TABLE_COPIES,
} from './t5-tensors'
import { transpose } from './transpose'
import { storedRow, WeightTensors, type StoredMatrix } from './weight-tensors'

/**
 * Reads the weights of a T5 model from floats (F32, F16, BF16) or from an int8 pack, and checks up front every tensor
 * that the configuration needs; further tensors are ignored. Throws ModelFormatError naming the tensor.
 */
export function readModelWeights(config: T5Config, file: SafetensorsFile, fileName: string): ModelWeights {
  const isQuantised = checkPackMetadata(file.metadata, fileName)
  const tensors = new WeightTensors(file, fileName, isQuantised)
  const { vocabSize, dModel, numBuckets, numHeads } = config
  const table = (name: string) => tensors.matrix(name, [vocabSize, dModel], [vocabSize, dModel], vocabSize)

  const tableName =
    [VOCABULARY_TABLE, ...VOCABULARY_TABLE_COPIES].find((name) => tensors.has(name)) ?? VOCABULARY_TABLE
  const vocabulary = table(tableName)
  // As in the reference implementation, a head that is in the file counts, whatever the configuration says of tying.
  const hasOwnHead = tensors.has(OUTPUT_HEAD) || !config.isTied
  const head = hasOwnHead ? table(OUTPUT_HEAD) : vocabulary
  const linears = new Map(
    t5Projections(config).map(({ module, inFeatures, outFeatures }) => {
      const name = `${module}.weight`
      const stored = tensors.matrix(name, [outFeatures, inFeatures], [inFeatures, outFeatures], outFeatures)
      return [name, { inFeatures, outFeatures, stored }]
    }),
  )
  const floats = new Map([
    ...t5Norms(config).map((name) => [name, tensors.finite(name, [dModel])] as const),
    ...T5_POSITION_BIASES.map((name) => [name, tensors.finite(name, [numBuckets, numHeads])] as const),
  ])

  const small = (name: string, length: number) => {
    const values = floats.get(name)
    if (values?.length !== length) throw new Error(`${name} of ${length} values is not part of this model`)
    return values
  }
  const tables = hasOwnHead ? [tableName, OUTPUT_HEAD] : [tableName]
  return {
    isQuantised,
    hasOwnHead,
    vector: small,
    matrix: (name, rows, columns) => small(name, rows * columns),
    linear: (name, inFeatures, outFeatures) => {
      const linear = linears.get(name)
      if (linear?.inFeatures !== inFeatures || linear.outFeatures !== outFeatures)
        throw new Error(`${name} from ${inFeatures} to ${outFeatures} is not part of this model`)
      return linearWeight(linear.stored, inFeatures, outFeatures)
    },
    embeddingRows: (ids) => gatherRows(ids, config, (id) => storedRow(vocabulary, id, dModel)),
    headRows: (ids) => gatherRows(ids, config, (id) => storedRow(head, id, dModel)),
    headLinear: () => headLinear(head, config),
    parameters: countParameters(config, hasOwnHead),
    bytes: [...tables, ...linears.keys(), ...floats.keys()].reduce(
      (sum, name) => sum + tensors.sizeBytes(name),
      0,
    ),
  }
}

function linearWeight(stored: StoredMatrix, inFeatures: number, outFeatures: number): LinearWeight {
  return stored.kind === 'int8'
    ? { ...stored, inFeatures, outFeatures }
    : { kind: 'fp32', inFeatures, outFeatures, weight: decodeFloats(stored.dtype, stored.bytes) }
}

/** The table's rows, [vocabulary, dModel], are the head's columns, and so are their scales. */
function headLinear(stored: StoredMatrix, { vocabSize, dModel }: T5Config): LinearWeight {
  if (stored.kind === 'float') return linearWeight(stored, dModel, vocabSize)
  const quantised = transpose(stored.quantised, new Int8Array(stored.quantised.length), vocabSize, dModel)
  return { kind: 'int8', inFeatures: dModel, outFeatures: vocabSize, quantised, scale: stored.scale }
}
