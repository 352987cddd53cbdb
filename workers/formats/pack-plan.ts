/** What becomes of each tensor of a published T5 file in an int8 pack; known from the source's header alone. */
import { isFloatType, type FloatType } from './decode-tensor'
import { ModelFormatError, quoted } from './format-error'
import { PACK_METADATA } from './pack-metadata'
import type { SafetensorsHeader, TensorEntry } from './safetensors-header'
import { encodeHeader, type TensorShape } from './safetensors-writer'
import type { T5Config } from './t5-config'
import {
  OUTPUT_HEAD,
  T5_POSITION_BIASES,
  t5Norms,
  t5Projections,
  VOCABULARY_TABLE,
  VOCABULARY_TABLE_COPIES,
} from './t5-tensors'

/** How a tensor is packed; shapes are PyTorch's. */
export type Packing =
  /** [out, in] → codes [in, out] and a scale per output. */
  | { readonly kind: 'projection'; readonly shape: readonly [number, number] }
  /** [rows, columns] → codes in the same layout and a scale per row. */
  | { readonly kind: 'table'; readonly shape: readonly [number, number] }
  /** Norms and position biases: 32-bit floats. */
  | { readonly kind: 'floats'; readonly shape: readonly number[] }

export type PlannedTensor = {
  readonly name: string
  /** In bytes from the end of the source's header. */
  readonly begin: number
  readonly end: number
} & (
  | { readonly packing: Packing; readonly dtype: FloatType }
  /** No part of the model: a second copy of the table, a buffer of the framework. */
  | { readonly packing: undefined }
)

export interface PackPlan {
  /** In the order of the source's data. */
  readonly tensors: readonly PlannedTensor[]
  /** The pack's first bytes, up to where its data begin. */
  readonly head: Uint8Array<ArrayBuffer>
  /** Of the whole pack. */
  readonly sizeBytes: number
}

export interface PackOptions {
  readonly config: T5Config
  /** The source's name, for messages. */
  readonly file: string
  /** Goes into the pack beside what makes it one. */
  readonly metadata?: Readonly<Record<string, string>>
  /** One of several files that make up the model together. */
  readonly isShard?: boolean
}

/** Plans a pack. Throws ModelFormatError naming the tensor that is missing or not what the configuration says. */
export function planPack({ entries }: SafetensorsHeader, options: PackOptions): PackPlan {
  const { config, file, metadata = {}, isShard = false } = options
  const names = new Set(entries.map(({ name }) => name))
  const packings = packingsOf(config, names)
  if (!isShard)
    for (const name of packings.keys())
      if (!names.has(name) && !(name === OUTPUT_HEAD && config.isTied))
        throw new ModelFormatError(file, `tensor ${quoted(name)}`, 'the tensor', 'no tensor of this name')
  const tensors = entries.map((entry) => planTensor(entry, packings.get(entry.name), file))
  const packed = tensors.flatMap((tensor) =>
    tensor.packing ? packedTensors(tensor.name, tensor.packing) : [],
  )
  const { head, dataBytes } = encodeHeader(packed, { ...PACK_METADATA, ...metadata })
  return { tensors, head, sizeBytes: head.byteLength + dataBytes }
}

function packingsOf(config: T5Config, names: ReadonlySet<string>): ReadonlyMap<string, Packing> {
  const { vocabSize, dModel, numBuckets, numHeads } = config
  const table: Packing = { kind: 'table', shape: [vocabSize, dModel] }
  const copy = VOCABULARY_TABLE_COPIES.find((name) => names.has(name))
  return new Map<string, Packing>([
    [names.has(VOCABULARY_TABLE) ? VOCABULARY_TABLE : (copy ?? VOCABULARY_TABLE), table],
    [OUTPUT_HEAD, table],
    ...t5Projections(config).map(({ module, inFeatures, outFeatures }): [string, Packing] => [
      `${module}.weight`,
      { kind: 'projection', shape: [outFeatures, inFeatures] },
    ]),
    ...t5Norms(config).map((name): [string, Packing] => [name, { kind: 'floats', shape: [dModel] }]),
    ...T5_POSITION_BIASES.map((name): [string, Packing] => [
      name,
      { kind: 'floats', shape: [numBuckets, numHeads] },
    ]),
  ])
}

function planTensor(entry: TensorEntry, packing: Packing | undefined, file: string): PlannedTensor {
  const { name, dtype, shape, begin, end } = entry
  if (!packing) return { name, begin, end, packing }
  const fail = (expected: string, found: string) =>
    new ModelFormatError(file, `tensor ${quoted(name)}`, expected, found)
  if (!isFloatType(dtype)) throw fail('dtype F32, F16 or BF16', dtype)
  if (shape.length !== packing.shape.length || shape.some((size, axis) => size !== packing.shape[axis]))
    throw fail(`shape ${quoted(packing.shape)}`, quoted(shape))
  return { name, begin, end, packing, dtype }
}

/** The tensors of the pack that come of one of the source, in the order of their data. */
function packedTensors(name: string, { kind, shape }: Packing): readonly TensorShape[] {
  if (kind === 'floats') return [{ name, dtype: 'F32', shape }]
  const [rows, columns] = shape
  return [
    { name, dtype: 'I8', shape: kind === 'table' ? [rows, columns] : [columns, rows] },
    { name: `${name}.scale`, dtype: 'F32', shape: [rows] },
  ]
}
