import type { T5Config } from '../formats/t5-config'

/**
 * Bucket of a relative position, as in the reference implementation's `_relative_position_bucket`
 * (arXiv 1910.10683, section 2.1): near distances have a bucket each, far ones share buckets of growing width.
 * @param distance key position minus query position.
 */
export function relativePositionBucket(
  distance: number,
  isBidirectional: boolean,
  numBuckets: number,
  maxDistance: number,
): number {
  const buckets = isBidirectional ? Math.floor(numBuckets / 2) : numBuckets
  const side = isBidirectional && distance > 0 ? buckets : 0
  const steps = isBidirectional ? Math.abs(distance) : Math.max(-distance, 0)
  const exact = Math.floor(buckets / 2)
  if (steps < exact) return side + steps
  // The reference computes in float32; at powers of two the last bit decides the bucket.
  const ratio = Math.fround(
    Math.fround(Math.log(Math.fround(steps / exact))) / Math.fround(Math.log(maxDistance / exact)),
  )
  const far = exact + Math.floor(Math.fround(ratio * (buckets - exact)))
  return side + Math.min(far, buckets - 1)
}

/** Buckets for every pair of positions: int32 [length queries, length keys], row-major. */
export function bucketTable(
  length: number,
  isBidirectional: boolean,
  numBuckets: number,
  maxDistance: number,
): Int32Array {
  // The bucket depends on the distance alone, so 2·length − 1 values fill the table.
  const byDistance = Int32Array.from({ length: 2 * length - 1 }, (_, i) =>
    relativePositionBucket(i - length + 1, isBidirectional, numBuckets, maxDistance),
  )
  const table = new Int32Array(length * length)
  for (let query = 0; query < length; query += 1)
    table.set(byDistance.subarray(length - 1 - query, 2 * length - 1 - query), query * length)
  return table
}

/** Tables remembered, one per length. */
const rememberedLengths = 64

/** The encoder's bucket tables, made once per length of text. */
export class BucketTables {
  private readonly tables = new Map<number, Int32Array>()

  constructor(private readonly config: Pick<T5Config, 'numBuckets' | 'maxDistance'>) {}

  /** int32 [length, length], see {@link bucketTable}. */
  ofLength(length: number): Int32Array {
    const known = this.tables.get(length)
    if (known) return known
    const table = bucketTable(length, true, this.config.numBuckets, this.config.maxDistance)
    if (this.tables.size >= rememberedLengths) this.tables.clear()
    this.tables.set(length, table)
    return table
  }
}
