import { float32View } from './aligned-view'
import { decodeBF16, decodeF16 } from './half'
import { ELEMENT_BYTES, type TensorType } from './tensor-view'

/** The types that hold weights as floating point. */
export type FloatType = 'F32' | 'F16' | 'BF16'

export function isFloatType(dtype: TensorType): dtype is FloatType {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16'
}

/** Floating-point elements as 32-bit floats; F32 is a view into the file where its start is aligned. */
export function decodeFloats(dtype: FloatType, bytes: Uint8Array): Float32Array {
  if (dtype === 'F32') return float32View(bytes)
  return dtype === 'F16' ? decodeF16(bytes) : decodeBF16(bytes)
}

/** Row `index` of a row-major matrix with `columns` columns. */
export function decodeRow(dtype: FloatType, bytes: Uint8Array, index: number, columns: number): Float32Array {
  const rowBytes = columns * ELEMENT_BYTES[dtype]
  return decodeFloats(dtype, bytes.subarray(index * rowBytes, (index + 1) * rowBytes))
}
