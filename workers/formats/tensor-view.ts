/** Bytes of one element of each supported type. */
export const ELEMENT_BYTES = { F32: 4, F16: 2, BF16: 2, I8: 1, U8: 1, I32: 4, I64: 8 } as const

export type TensorType = keyof typeof ELEMENT_BYTES

/** A tensor inside a file: row-major, little-endian. */
export interface TensorView {
  readonly name: string
  readonly dtype: TensorType
  readonly shape: readonly number[]
  /** A view into the file, not a copy; its start need not be aligned. */
  readonly bytes: Uint8Array
}

export function isTensorType(value: unknown): value is TensorType {
  return typeof value === 'string' && Object.hasOwn(ELEMENT_BYTES, value)
}
