import { int8View } from './aligned-view'
import { decodeFloats, decodeRow, isFloatType, type FloatType } from './decode-tensor'
import { ModelFormatError, quoted } from './format-error'
import { fitsInt4, INT4_BLOCK, zeroPointBytes, type Int4Blocks } from './int4-blocks'
import type { LinearShape } from './model-weights'
import type { Quantisation } from './pack-metadata'
import type { SafetensorsFile } from './safetensors'
import type { TensorType, TensorView } from './tensor-view'

/** Floats as they stand in the file. */
export interface StoredFloats {
  readonly kind: 'float'
  readonly dtype: FloatType
  readonly bytes: Uint8Array
}

/** Codes with one scale per column of a projection or per row of a table. */
export interface StoredInt8 {
  readonly kind: 'int8'
  readonly quantised: Int8Array
  readonly scale: Float32Array
}

export interface StoredInt4 extends Int4Blocks {
  readonly kind: 'int4'
}

export type StoredTable = StoredFloats | StoredInt8
export type StoredProjection = StoredTable | StoredInt4

/** Takes tensors out of a safetensors file, checking each one's presence, type, shape and, where cheap, values. */
export class WeightTensors {
  constructor(
    private readonly source: SafetensorsFile,
    private readonly file: string,
    /** Of a pack; integers of any other file have no known meaning. */
    private readonly quantisation?: Quantisation,
  ) {}

  has(name: string): boolean {
    return this.source.tensors.has(name)
  }

  /** A floating-point tensor whose values must be finite. */
  finite(name: string, shape: readonly number[]): Float32Array {
    const tensor = this.tensor(name)
    if (!isFloatType(tensor.dtype)) throw this.error(name, 'dtype F32, F16 or BF16', tensor.dtype)
    this.checkShape(tensor, shape)
    const values = decodeFloats(tensor.dtype, tensor.bytes)
    const bad = values.findIndex((value) => !Number.isFinite(value))
    if (bad >= 0) throw this.error(name, 'finite values', `${values[bad]} at element ${bad}`)
    return values
  }

  /** A table [rows, columns]: floats, or in a pack int8 with a scale per row. */
  table(name: string, rows: number, columns: number): StoredTable {
    const tensor = this.tensor(name)
    if (isFloatType(tensor.dtype)) return this.floats(tensor, tensor.dtype, [rows, columns])
    if (tensor.dtype === 'I8' && this.quantisation) return this.int8(tensor, [rows, columns], rows)
    throw this.dtypeError(tensor, this.quantisation ? ['I8'] : [])
  }

  /**
   * A projection: floats [out, in], in a pack int8 [in, out] with a scale per output, or in a 4-bit pack codes
   * [out, blocks, 16] with a scale and a zero point per block.
   */
  projection(name: string, { inFeatures, outFeatures }: LinearShape): StoredProjection {
    const tensor = this.tensor(name)
    const isInt4 = this.quantisation === 'int4-per-block' && fitsInt4(inFeatures)
    if (isFloatType(tensor.dtype)) return this.floats(tensor, tensor.dtype, [outFeatures, inFeatures])
    if (tensor.dtype === 'I8' && this.quantisation)
      return this.int8(tensor, [inFeatures, outFeatures], outFeatures)
    if (tensor.dtype === 'U8' && isInt4) return this.int4(tensor, outFeatures, inFeatures / INT4_BLOCK)
    throw this.dtypeError(tensor, [
      ...(this.quantisation ? (['I8'] as const) : []),
      ...(isInt4 ? (['U8'] as const) : []),
    ])
  }

  /** Bytes that the tensor takes in the file with its scales and zero points. */
  sizeBytes(name: string): number {
    return [name, `${name}.scale`, `${name}.zero_point`].reduce(
      (sum, each) => sum + (this.source.tensors.get(each)?.bytes.byteLength ?? 0),
      0,
    )
  }

  private floats(tensor: TensorView, dtype: FloatType, shape: readonly number[]): StoredFloats {
    this.checkShape(tensor, shape)
    return { kind: 'float', dtype, bytes: tensor.bytes }
  }

  private int8(tensor: TensorView, shape: readonly number[], scales: number): StoredInt8 {
    this.checkShape(tensor, shape)
    const name = `${tensor.name}.scale`
    const scale = this.finite(name, [scales])
    const bad = scale.findIndex((value) => value <= 0)
    if (bad >= 0) throw this.error(name, 'positive values', `${scale[bad]} at element ${bad}`)
    return { kind: 'int8', quantised: int8View(tensor.bytes), scale }
  }

  private int4(tensor: TensorView, outFeatures: number, blocks: number): StoredInt4 {
    this.checkShape(tensor, [outFeatures, blocks, INT4_BLOCK / 2])
    const scale = this.finite(`${tensor.name}.scale`, [outFeatures, blocks])
    const zeroPoints = this.tensor(`${tensor.name}.zero_point`)
    if (zeroPoints.dtype !== 'U8') throw this.error(zeroPoints.name, 'dtype U8', zeroPoints.dtype)
    this.checkShape(zeroPoints, [outFeatures, zeroPointBytes(blocks)])
    return { kind: 'int4', codes: tensor.bytes, scale, zeroPoints: zeroPoints.bytes }
  }

  private tensor(name: string): TensorView {
    const tensor = this.source.tensors.get(name)
    if (!tensor) throw this.error(name, 'the tensor', 'no tensor of this name')
    return tensor
  }

  private checkShape(tensor: TensorView, shape: readonly number[]): void {
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, axis) => size !== shape[axis]))
      throw this.error(tensor.name, `shape ${quoted(shape)}`, quoted(tensor.shape))
  }

  private dtypeError({ name, dtype }: TensorView, integers: readonly TensorType[]): ModelFormatError {
    return this.error(name, `dtype ${[...integers, 'F32', 'F16'].join(', ')} or BF16`, dtype)
  }

  private error(name: string, expected: string, found: string): ModelFormatError {
    return new ModelFormatError(this.file, `tensor ${quoted(name)}`, expected, found)
  }
}

/** One row of a table as floats. */
export function storedRow(table: StoredTable, index: number, columns: number): Float32Array {
  if (table.kind === 'float') return decodeRow(table.dtype, table.bytes, index, columns)
  const scale = table.scale[index] ?? 0
  const row = new Float32Array(columns)
  const start = index * columns
  for (let column = 0; column < columns; column += 1)
    row[column] = (table.quantised[start + column] ?? 0) * scale
  return row
}
