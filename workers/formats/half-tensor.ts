import { encodeF16, MAX_F16 } from './half'
import type { TensorToWrite } from './safetensors-writer'

/** A tensor in 16-bit floats; in 32-bit ones where a value is too large for them. */
export function halfTensor({
  name,
  shape,
  values,
}: Pick<TensorToWrite, 'name' | 'shape'> & { readonly values: Float32Array }): TensorToWrite {
  return values.some((value) => Math.abs(value) > MAX_F16)
    ? { name, dtype: 'F32', shape, data: values }
    : { name, dtype: 'F16', shape, data: encodeF16(values) }
}
