import { describe, expect, it } from 'vitest'
import {
  compareLabels,
  disagreements,
  labellings,
  unitsOf,
} from '../../../src/domain/agreement/compare-labels'
import { cohenKappa } from '../../../src/domain/agreement/kappa'
import golden from '../../fixtures/agreement.json'
import { annotationOf } from '../labelling/labelled'

describe('cohenKappa', () => {
  it.each(golden.kappa)('agrees with statsmodels: $kappa', ({ table, kappa, low, high }) => {
    const found = cohenKappa(table)
    expect(found.kappa).toBeCloseTo(kappa, 12)
    expect(found.interval?.low).toBeCloseTo(Math.max(-1, low), 12)
    expect(found.interval?.high).toBeCloseTo(Math.min(1, high), 12)
  })

  it('has none where there is nothing to tell apart', () => {
    expect(cohenKappa([])).toMatchObject({ n: 0, kappa: undefined, interval: undefined })
    expect(
      cohenKappa([
        [7, 0],
        [0, 0],
      ]),
    ).toMatchObject({ n: 7, observed: 1, kappa: undefined })
  })
})

const said = (annotator: string, labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([itemId, labelId]) => annotationOf({ annotator, itemId, labelId }))

const annotations = [
  ...said('ann', { a: 'positive', b: 'negative', c: 'neutral', d: 'positive' }),
  ...said('bob', { a: 'positive', b: 'neutral', c: 'neutral', e: 'angry' }),
  ...said('eve', { a: 'positive', b: 'negative', c: 'negative', e: 'positive' }),
  annotationOf({ annotator: 'eve', itemId: 'd', labelId: 'neutral', isSkipped: true }),
]

it('compares two on the texts that both labelled', () => {
  const by = labellings(annotations)
  const [ann = new Map<string, string>(), bob = new Map<string, string>()] = [by.get('ann'), by.get('bob')]
  const found = compareLabels(['negative', 'neutral', 'positive'], ann, bob)
  expect(found.confusion).toEqual([
    [0, 1, 0],
    [0, 1, 0],
    [0, 0, 1],
  ])
  expect(found.differing).toEqual([{ itemId: 'b', first: 'negative', second: 'neutral' }])
  expect(found.agreement).toBeCloseTo(2 / 3)
  expect(found.kappa.kappa).toBeCloseTo((2 / 3 - 1 / 3) / (2 / 3))
})

it('adds labels that the project does not have', () => {
  const by = labellings(annotations)
  const found = compareLabels(['positive'], by.get('bob') ?? new Map(), by.get('eve') ?? new Map())
  expect(found.labelIds).toEqual(['positive', 'neutral', 'negative', 'angry'])
})

it('lists what is to be adjudicated, the most disputed first', () => {
  const found = disagreements(annotations)
  expect(found.map(({ itemId }) => itemId)).toEqual(['e', 'b', 'c'])
  expect(found[1]?.labelled).toEqual([
    { annotator: 'ann', labelId: 'negative' },
    { annotator: 'bob', labelId: 'neutral' },
    { annotator: 'eve', labelId: 'negative' },
  ])
  expect(unitsOf(annotations).map(({ length }) => length)).toEqual([3, 3, 3, 1, 2])
})
