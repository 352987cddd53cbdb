function dot(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length)
    throw new RangeError(`Vectors of ${a.length} and ${b.length} numbers cannot be compared.`)
  let sum = 0
  a.forEach((value, place) => (sum += value * (b[place] ?? 0)))
  return sum
}

/** Euclidean length of a vector. */
export function vectorLength(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector))
}

/**
 * Cosine similarity of two vectors of equal dimension, from -1 to 1; 0 where either is all zeros.
 * The lengths can be given where one vector is compared with many.
 */
export function cosineSimilarity(
  a: Float32Array,
  b: Float32Array,
  lengthA = vectorLength(a),
  lengthB = vectorLength(b),
): number {
  const product = dot(a, b)
  return product === 0 ? 0 : product / (lengthA * lengthB)
}
