/** What becomes of each tensor of a published T5 file in a pack; known from the source's header alone. */
import { isFloatType, type FloatType } from './decode-tensor'
import { ModelFormatError, quoted } from './format-error'
import { fitsInt4, INT4_BLOCK, zeroPointBytes } from './int4-blocks'
import { packMetadata, type PackFormat } from './pack-metadata'
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
  type Projection,
} from './t5-tensors'

/** How a tensor is packed; shapes are PyTorch's. */
export type Packing =
  /** [out, in] → codes [in, out] and a scale per output. */
  | { readonly kind: 'projection'; readonly shape: readonly [number, number] }
  /** [rows, columns] → codes in the same layout and a scale per row. */
  | { readonly kind: 'table'; readonly shape: readonly [number, number] }
  /** [out, in] → 4-bit codes [out, blocks, 16], and a scale and a zero point per block of 32 inputs. */
  | { readonly kind: 'blocks'; readonly shape: readonly [number, number] }
  /** 16-bit floats in the same layout. */
  | { readonly kind: 'halves'; readonly shape: readonly [number, number] }
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
  /** int8 where it is left out. */
  readonly format?: PackFormat
  /** The source's name, for messages. */
  readonly file: string
  /** Goes into the pack beside what makes it one. */
  readonly metadata?: Readonly<Record<string, string>>
  /** One of several files that make up the model together. */
  readonly isShard?: boolean
}

/** Plans a pack. Throws ModelFormatError naming the tensor that is missing or not what the configuration says. */
export function planPack({ entries }: SafetensorsHeader, options: PackOptions): PackPlan {
  const { config, format = 'int8', file, metadata = {}, isShard = false } = options
  const names = new Set(entries.map(({ name }) => name))
  const packings = packingsOf(config, format, names)
  if (!isShard)
    for (const name of packings.keys())
      if (!names.has(name) && !(name === OUTPUT_HEAD && config.isTied))
        throw new ModelFormatError(file, `tensor ${quoted(name)}`, 'the tensor', 'no tensor of this name')
  const tensors = entries.map((entry) => planTensor(entry, packings.get(entry.name), file))
  const packed = tensors.flatMap((tensor) =>
    tensor.packing ? packedTensors(tensor.name, tensor.packing) : [],
  )
  const { head, dataBytes } = encodeHeader(packed, { ...packMetadata[format], ...metadata })
  return { tensors, head, sizeBytes: head.byteLength + dataBytes }
}

function packingsOf(
  config: T5Config,
  format: PackFormat,
  names: ReadonlySet<string>,
): ReadonlyMap<string, Packing> {
  const { vocabSize, dModel, numBuckets, numHeads } = config
  const table: Packing = { kind: format === 'fp16' ? 'halves' : 'table', shape: [vocabSize, dModel] }
  const copy = VOCABULARY_TABLE_COPIES.find((name) => names.has(name))
  return new Map<string, Packing>([
    [names.has(VOCABULARY_TABLE) ? VOCABULARY_TABLE : (copy ?? VOCABULARY_TABLE), table],
    [OUTPUT_HEAD, table],
    ...t5Projections(config).map((projection): [string, Packing] => [
      `${projection.module}.weight`,
      {
        kind: projectionKind(projection, format),
        shape: [projection.outFeatures, projection.inFeatures],
      },
    ]),
    ...t5Norms(config).map((name): [string, Packing] => [name, { kind: 'floats', shape: [dModel] }]),
    ...T5_POSITION_BIASES.map((name): [string, Packing] => [
      name,
      { kind: 'floats', shape: [numBuckets, numHeads] },
    ]),
  ])
}

/** A 4-bit pack keeps attention at 8 bits, which halves what it loses, and what is no whole number of blocks. */
function projectionKind(
  { module, inFeatures }: Projection,
  format: PackFormat,
): 'projection' | 'blocks' | 'halves' {
  if (format === 'fp16') return 'halves'
  const isInt4 = format === 'int4' && !/Attention\.[qkvo]$/.test(module) && fitsInt4(inFeatures)
  return isInt4 ? 'blocks' : 'projection'
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
  if (kind === 'halves') return [{ name, dtype: 'F16', shape }]
  if (kind === 'blocks') {
    const blocks = columns / INT4_BLOCK
    return [
      { name, dtype: 'U8', shape: [rows, blocks, INT4_BLOCK / 2] },
      { name: `${name}.scale`, dtype: 'F16', shape: [rows, blocks] },
      { name: `${name}.zero_point`, dtype: 'U8', shape: [rows, zeroPointBytes(blocks)] },
    ]
  }
  return [
    { name, dtype: 'I8', shape: kind === 'table' ? [rows, columns] : [columns, rows] },
    { name: `${name}.scale`, dtype: 'F32', shape: [rows] },
  ]
}
