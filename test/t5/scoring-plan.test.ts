import { expect, it } from 'vitest'
import { planScoring } from '../../workers/t5/scoring-plan'

it('reads labels of one token each off the end of the prefix', () => {
  expect(planScoring([0, 90], [[5], [6], [7]], 0)).toEqual({
    sequences: [[0, 90]],
    tokens: [5, 6, 7],
    labels: [[{ query: 1, column: 0 }], [{ query: 1, column: 1 }], [{ query: 1, column: 2 }]],
    needsNormaliser: false,
  })
})

it('feeds each label its own tokens as soon as one has several', () => {
  expect(planScoring([0], [[5], [6, 7, 8]], 9)).toEqual({
    sequences: [
      [0, 9, 9],
      [0, 6, 7],
    ],
    tokens: [5, 6, 7, 8],
    labels: [
      [{ query: 0, column: 0 }],
      [
        { query: 3, column: 1 },
        { query: 4, column: 2 },
        { query: 5, column: 3 },
      ],
    ],
    needsNormaliser: true,
  })
})
