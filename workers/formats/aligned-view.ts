/** The bytes as 16-bit words: a view where their start allows it, else a copy. */
export function uint16View(bytes: Uint8Array): Uint16Array {
  const aligned = bytes.byteOffset % Uint16Array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes)
  return new Uint16Array(aligned.buffer, aligned.byteOffset, bytes.byteLength / Uint16Array.BYTES_PER_ELEMENT)
}

/** The bytes as 32-bit floats: a view where their start allows it, else a copy. */
export function float32View(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % Float32Array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes)
  return new Float32Array(
    aligned.buffer,
    aligned.byteOffset,
    bytes.byteLength / Float32Array.BYTES_PER_ELEMENT,
  )
}

/** The bytes as signed 8-bit integers, without a copy. */
export function int8View(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
