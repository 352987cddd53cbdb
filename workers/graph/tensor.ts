/** Tensors as the graph room and its callers pass them: plain data, no runtime. */

/** Element types with their ONNX number (onnx.proto3, TensorProto.DataType). */
export const elementTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 } as const

export type ElementType = keyof typeof elementTypes

/** float16 has no array type of its own everywhere: its bits are kept as whole numbers. */
export type TensorData = Float32Array | Uint16Array | Uint8Array | Int8Array | Int32Array | BigInt64Array

export interface Tensor {
  readonly type: ElementType
  readonly dims: readonly number[]
  /** Row-major elements. */
  readonly data: TensorData
}

/** A dimension: a number, or a name for one that may change from run to run. */
export type Dimension = number | string

export const float32 = (dims: readonly number[], data: Float32Array): Tensor => ({
  type: 'float32',
  dims,
  data,
})

export const int32 = (dims: readonly number[], data: Int32Array): Tensor => ({ type: 'int32', dims, data })

export const int64 = (values: readonly number[]): Tensor => ({
  type: 'int64',
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
})

/** The bytes of a tensor's elements, without a copy. */
export const bytesOf = (data: TensorData): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
