import { expect, it } from 'vitest'
import { bucketTable, relativePositionBucket } from '../../workers/t5/relative-position'

// T5Attention._relative_position_bucket(torch.tensor([...]), bidirectional, 32, 128) of transformers 5.23
const distances = [-200, -128, -64, -33, -16, -8, -7, -1, 0, 1, 7, 8, 16, 32, 64, 127, 128, 200]

it.each([
  [true, [15, 15, 14, 12, 10, 8, 7, 1, 0, 17, 23, 24, 26, 28, 30, 31, 31, 31]],
  [false, [31, 31, 26, 21, 16, 8, 7, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
])('gives the reference’s buckets (both directions: %s)', (isBidirectional, expected) => {
  expect(distances.map((distance) => relativePositionBucket(distance, isBidirectional, 32, 128))).toEqual(
    expected,
  )
})

it('lays the buckets out by query and key', () => {
  expect([...bucketTable(3, true, 32, 128)]).toEqual([0, 17, 18, 1, 0, 17, 2, 1, 0])
})
