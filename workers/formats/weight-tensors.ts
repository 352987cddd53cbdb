import { int8View } from './aligned-view'
import { decodeFloats, decodeRow, isFloatType, type FloatType } from './decode-tensor'
import { ModelFormatError, quoted } from './format-error'
import type { SafetensorsFile } from './safetensors'
import type { TensorView } from './tensor-view'

/** A matrix as it stands in the file: floats, or int8 with one scale per column or row. */
export type StoredMatrix =
  | { readonly kind: 'float'; readonly dtype: FloatType; readonly bytes: Uint8Array }
  | { readonly kind: 'int8'; readonly quantised: Int8Array; readonly scale: Float32Array }

/** Takes tensors out of a safetensors file, checking each one's presence, type, shape and, where cheap, values. */
export class WeightTensors {
  constructor(
    private readonly source: SafetensorsFile,
    private readonly file: string,
    /** Whether the file is an int8 pack; int8 tensors of any other file have no known meaning. */
    private readonly isPack: boolean,
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

  /** A matrix that is [rows, columns] as floats, or `int8Shape` with `scales` scales in an int8 pack. */
  matrix(
    name: string,
    shape: readonly [number, number],
    int8Shape: readonly [number, number],
    scales: number,
  ): StoredMatrix {
    const tensor = this.tensor(name)
    if (isFloatType(tensor.dtype)) {
      this.checkShape(tensor, shape)
      return { kind: 'float', dtype: tensor.dtype, bytes: tensor.bytes }
    }
    if (tensor.dtype !== 'I8' || !this.isPack)
      throw this.error(
        name,
        this.isPack ? 'dtype I8, F32, F16 or BF16' : 'dtype F32, F16 or BF16',
        tensor.dtype,
      )
    this.checkShape(tensor, int8Shape)
    return { kind: 'int8', quantised: int8View(tensor.bytes), scale: this.scale(`${name}.scale`, scales) }
  }

  /** Bytes that the tensor and its scale take in the file. */
  sizeBytes(name: string): number {
    return [name, `${name}.scale`].reduce(
      (sum, each) => sum + (this.source.tensors.get(each)?.bytes.byteLength ?? 0),
      0,
    )
  }

  private scale(name: string, length: number): Float32Array {
    const scale = this.finite(name, [length])
    const bad = scale.findIndex((value) => value <= 0)
    if (bad >= 0) throw this.error(name, 'positive values', `${scale[bad]} at element ${bad}`)
    return scale
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

  private error(name: string, expected: string, found: string): ModelFormatError {
    return new ModelFormatError(this.file, `tensor ${quoted(name)}`, expected, found)
  }
}

/** One row as floats; the scales of an int8 matrix are taken as one per row. */
export function storedRow(matrix: StoredMatrix, index: number, columns: number): Float32Array {
  if (matrix.kind === 'float') return decodeRow(matrix.dtype, matrix.bytes, index, columns)
  const scale = matrix.scale[index] ?? 0
  const row = new Float32Array(columns)
  const start = index * columns
  for (let column = 0; column < columns; column += 1)
    row[column] = (matrix.quantised[start + column] ?? 0) * scale
  return row
}
