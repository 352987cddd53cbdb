import { decodeFloats } from './decode-tensor'
import { gatherRows } from './gather-rows'
import type { LinearShape, LinearWeight, ModelWeights, StoredFormat } from './model-weights'
import { readQuantisation, type Quantisation } from './pack-metadata'
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
import { storedRow, WeightTensors, type StoredProjection, type StoredTable } from './weight-tensors'

/**
 * Reads the weights of a T5 model from floats (F32, F16, BF16) or from a pack, and checks up front every tensor
 * that the configuration needs; further tensors are ignored. Throws ModelFormatError naming the tensor.
 */
export function readModelWeights(config: T5Config, file: SafetensorsFile, fileName: string): ModelWeights {
  const quantisation = readQuantisation(file.metadata, fileName)
  const tensors = new WeightTensors(file, fileName, quantisation)
  const { vocabSize, dModel, numBuckets, numHeads } = config
  const table = (name: string) => tensors.table(name, vocabSize, dModel)

  const tableName =
    [VOCABULARY_TABLE, ...VOCABULARY_TABLE_COPIES].find((name) => tensors.has(name)) ?? VOCABULARY_TABLE
  const vocabulary = table(tableName)
  // As in the reference implementation, a head that is in the file counts, whatever the configuration says of tying.
  const hasOwnHead = tensors.has(OUTPUT_HEAD) || !config.isTied
  const head = hasOwnHead ? table(OUTPUT_HEAD) : vocabulary
  const linears = new Map(
    t5Projections(config).map(({ module, inFeatures, outFeatures }) => {
      const name = `${module}.weight`
      const shape = { inFeatures, outFeatures }
      return [name, { ...shape, stored: tensors.projection(name, shape) }]
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
    storedFormat: storedFormat(
      quantisation,
      [...linears.values()].map(({ stored }) => stored),
    ),
    hasOwnHead,
    vector: small,
    matrix: (name, rows, columns) => small(name, rows * columns),
    linear: (name, inFeatures, outFeatures) => {
      const linear = linears.get(name)
      if (linear?.inFeatures !== inFeatures || linear.outFeatures !== outFeatures)
        throw new Error(`${name} from ${inFeatures} to ${outFeatures} is not part of this model`)
      return linearWeight(linear.stored, { inFeatures, outFeatures })
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

function linearWeight(stored: StoredProjection, shape: LinearShape): LinearWeight {
  if (stored.kind !== 'float') return { ...stored, ...shape }
  if (stored.dtype === 'F16') return { kind: 'fp16', bytes: stored.bytes, ...shape }
  return { kind: 'fp32', weight: decodeFloats(stored.dtype, stored.bytes), ...shape }
}

/** The table's rows, [vocabulary, dModel], are the head's columns, and so are their scales. */
function headLinear(stored: StoredTable, { vocabSize, dModel }: T5Config): LinearWeight {
  const shape = { inFeatures: dModel, outFeatures: vocabSize }
  if (stored.kind === 'float') return linearWeight(stored, shape)
  const quantised = transpose(stored.quantised, new Int8Array(stored.quantised.length), vocabSize, dModel)
  return { kind: 'int8', quantised, scale: stored.scale, ...shape }
}

function storedFormat(
  quantisation: Quantisation | undefined,
  projections: readonly StoredProjection[],
): StoredFormat {
  if (quantisation) return quantisation === 'int4-per-block' ? 'int4' : 'int8'
  return projections.some((stored) => stored.kind === 'float' && stored.dtype === 'F16') ? 'fp16' : 'fp32'
}
