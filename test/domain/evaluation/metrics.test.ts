import { describe, expect, it } from 'vitest'
import { computeMetrics, confusionMatrix } from '../../../src/domain/evaluation/metrics'
import { wilsonInterval } from '../../../src/domain/statistics/interval'

const LABELS = ['negative', 'neutral', 'positive']
const NAMES: Record<string, string> = { '-': 'negative', '0': 'neutral', '+': 'positive' }
const named = (signs: string): string[] => [...signs].map((sign) => NAMES[sign] ?? '')

// Reference: scikit-learn 1.9.1 with labels=['negative', 'neutral', 'positive'], zero_division=0:
//   accuracy_score(g, p); f1_score(g, p, average='macro'); precision_recall_fscore_support(g, p); confusion_matrix(g, p)
// (macro F1 without `labels`, so over the classes that occur), intervals from statsmodels 0.15.0:
//   proportion_confint(hits, n, method='wilson')
const CASES = [
  {
    gold: '---0000000+++++',
    predicted: '-0+00000-++++0-',
    accuracy: 0.6,
    interval: [0.35746830120624595, 0.8017550385865843],
    macroF1: 0.5492063492063491,
    precision: [0.3333333333333333, 0.7142857142857143, 0.6],
    recall: [0.3333333333333333, 0.7142857142857143, 0.6],
    f1: [0.3333333333333333, 0.7142857142857143, 0.6],
    confusion: [
      [1, 1, 1],
      [1, 5, 1],
      [1, 1, 3],
    ],
    majority: { labelId: 'neutral', accuracy: 7 / 15 },
  },
  {
    gold: '--000+',
    predicted: '000000',
    accuracy: 0.5,
    interval: [0.18761630648265054, 0.8123836935173494],
    macroF1: 0.2222222222222222,
    precision: [0, 0.5, 0],
    recall: [0, 1, 0],
    f1: [0, 0.6666666666666666, 0],
    confusion: [
      [0, 2, 0],
      [0, 3, 0],
      [0, 1, 0],
    ],
    majority: { labelId: 'neutral', accuracy: 0.5 },
  },
  {
    gold: '--++',
    predicted: '-+-+',
    accuracy: 0.5,
    interval: [0.15003898915214947, 0.8499610108478506],
    macroF1: 0.5,
    precision: [0.5, 0, 0.5],
    recall: [0.5, 0, 0.5],
    f1: [0.5, 0, 0.5],
    confusion: [
      [1, 0, 1],
      [0, 0, 0],
      [1, 0, 1],
    ],
    majority: { labelId: 'negative', accuracy: 0.5 },
  },
]

describe.each(CASES)('for gold $gold and predictions $predicted', (expected) => {
  const metrics = computeMetrics(LABELS, named(expected.gold), named(expected.predicted))

  it('agrees with scikit-learn', () => {
    expect(metrics.accuracy).toBeCloseTo(expected.accuracy, 12)
    expect(metrics.macroF1).toBeCloseTo(expected.macroF1, 12)
    expect(metrics.confusion).toEqual(expected.confusion)
    metrics.perClass.forEach((each, place) => {
      expect(each.precision).toBeCloseTo(expected.precision[place] ?? NaN, 12)
      expect(each.recall).toBeCloseTo(expected.recall[place] ?? NaN, 12)
      expect(each.f1).toBeCloseTo(expected.f1[place] ?? NaN, 12)
    })
  })

  it('has the interval and the majority baseline', () => {
    expect(metrics.accuracyInterval.low).toBeCloseTo(expected.interval[0] ?? NaN, 12)
    expect(metrics.accuracyInterval.high).toBeCloseTo(expected.interval[1] ?? NaN, 12)
    expect(metrics.majority.labelId).toBe(expected.majority.labelId)
    expect(metrics.majority.accuracy).toBeCloseTo(expected.majority.accuracy, 12)
    expect(metrics.n).toBe(expected.gold.length)
  })
})

it('wilsonInterval agrees with statsmodels at the edges', () => {
  expect(wilsonInterval(0, 10).low).toBeCloseTo(0, 12)
  expect(wilsonInterval(0, 10).high).toBeCloseTo(0.27753279986288926, 12)
  expect(wilsonInterval(2020, 2388).low).toBeCloseTo(0.8308606660087818, 12)
  expect(wilsonInterval(2020, 2388).high).toBeCloseTo(0.8598205636804654, 12)
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 })
})

it('measures nothing without failing', () => {
  expect(computeMetrics(LABELS, [], [])).toMatchObject({ n: 0, accuracy: 0, macroF1: 0 })
})

it('refuses lists that do not belong together', () => {
  expect(() => confusionMatrix(LABELS, ['neutral'], [])).toThrow(/1 gold labels/)
  expect(() => confusionMatrix(LABELS, ['neutral'], ['angry'])).toThrow(/"angry" is not one of/)
})
