import { uint16View } from './aligned-view'

/** Exponent bias of binary32 less that of binary16, in place. */
const REBIAS_BITS = (127 - 15) << 23
/** The largest finite binary16. */
export const MAX_F16 = 65_504
/** The value of the last bit of a binary16 subnormal. */
const SMALLEST_SUBNORMAL = 2 ** -24

/** Decodes little-endian IEEE 754 binary16 exactly, subnormals, infinities and NaN included. */
export function decodeF16(bytes: Uint8Array): Float32Array {
  const halves = uint16View(bytes)
  const floats = new Float32Array(halves.length)
  const bits = new Uint32Array(floats.buffer)
  halves.forEach((half, index) => {
    const sign = (half & 0x8000) << 16
    const magnitude = half & 0x7fff
    if (magnitude < 0x0400) floats[index] = (sign ? -1 : 1) * magnitude * SMALLEST_SUBNORMAL
    else if (magnitude < 0x7c00) bits[index] = sign | ((magnitude << 13) + REBIAS_BITS)
    else bits[index] = sign | 0x7f800000 | ((magnitude & 0x03ff) << 13)
  })
  return floats
}

/** Decodes little-endian bfloat16, the upper half of a binary32. */
export function decodeBF16(bytes: Uint8Array): Float32Array {
  const halves = uint16View(bytes)
  const bits = new Uint32Array(halves.length)
  halves.forEach((half, index) => {
    bits[index] = half << 16
  })
  return new Float32Array(bits.buffer)
}

/** Encodes to IEEE 754 binary16, rounding to nearest, ties to even; too large becomes infinity, as in PyTorch. */
export function encodeF16(floats: Float32Array): Uint8Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length)
  const halves = new Uint16Array(floats.length)
  bits.forEach((word, index) => {
    halves[index] = ((word >>> 16) & 0x8000) | encodeMagnitude(word & 0x7fffffff, floats[index] ?? 0)
  })
  return new Uint8Array(halves.buffer)
}

function encodeMagnitude(magnitude: number, value: number): number {
  if (magnitude > 0x7f800000) return 0x7e00
  // 65520 and above is nearer to 65536, the first value binary16 lacks.
  if (magnitude >= 0x477ff000) return 0x7c00
  // Below 2^-14 the spacing is constant, and a carry out of the subnormals gives the first normal number.
  if (magnitude < 0x38800000) return roundTiesToEven(Math.abs(value) / SMALLEST_SUBNORMAL)
  const rounded = magnitude + 0x0fff + ((magnitude >>> 13) & 1)
  return (rounded - REBIAS_BITS) >>> 13
}

function roundTiesToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
