import { describe, expect, it } from 'vitest'
import { commonLabels, placesAmong } from '../../../src/domain/evaluation/common-labels'
import {
  crossCounts,
  differingTexts,
  figuresOf,
  majorityFigures,
  missedTexts,
  NO_ANSWER,
  pairOfSides,
} from '../../../src/domain/evaluation/compare-answers'
import type { Label } from '../../../src/domain/label'

const label = (id: string, ...aliases: string[]): Label => ({ id, words: id, aliases })
const column = (...places: number[]) => Int16Array.from(places)
const IDS = ['a', 'b', 'c']

describe('labels of several set-ups', () => {
  it('are one list, in which the same label has one place by whichever of its names', () => {
    const first = [label('negative', 'bearish'), label('positive', 'bullish')]
    const second = [label('Bullish'), label('neutral'), label('bearish')]
    const common = commonLabels([first, second])
    expect(common.map(({ id }) => id)).toEqual(['negative', 'positive', 'neutral'])
    expect(placesAmong(common, second)).toEqual([1, 2, 0])
    expect(placesAmong(first, [label('mixed')])).toEqual([-1])
    expect(commonLabels([])).toEqual([])
  })
})

describe('answers in columns', () => {
  it('are counted where both are there', () => {
    const gold = column(0, 0, 1, NO_ANSWER, 2)
    const answers = column(0, 1, 1, 1)
    expect(crossCounts(3, gold, answers)).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [0, 0, 0],
    ])
  })

  it('have figures against gold labels, and none where there are no gold labels', () => {
    const gold = column(0, 0, 1, 1)
    const figures = figuresOf(['a', 'b'], gold, column(0, 1, 1, 1), 1)
    expect(figures).toMatchObject({ n: 4, accuracy: 0.75 })
    expect(figures?.macroF1).toBeCloseTo((2 / 3 + 4 / 5) / 2, 12)
    expect(figures?.intervals.accuracy?.low).toBeLessThanOrEqual(0.75)
    expect(figuresOf(['a', 'b'], column(-1, -1), column(0, 1), 1)).toBeUndefined()
  })

  it('have to beat the most frequent gold label', () => {
    const baseline = majorityFigures(IDS, column(2, 2, 0, NO_ANSWER))
    expect(baseline).toMatchObject({ n: 3, majority: { labelId: 'c' }, mcc: 0 })
    expect(baseline?.accuracy).toBeCloseTo(2 / 3, 12)
    expect(majorityFigures(IDS, column(NO_ANSWER))).toBeUndefined()
  })

  it('are compared on the texts that both answered', () => {
    const gold = column(0, 0, 1, 1, NO_ANSWER, 0)
    const first = { name: 'small', answers: column(0, 1, 0, 1, 1) }
    const second = { name: 'large', answers: column(0, 0, 1, 1, 0, NO_ANSWER) }
    const pair = pairOfSides(2, gold, first, second, 1)
    expect(pair.counts).toEqual({ n: 4, onlyFirst: 0, onlySecond: 2, both: 2 })
    expect(pair.accuracy).toBe(0.5)
    expect(pair.verdict).toMatchObject({ isShown: false, better: 'second' })
    const nobody = pairOfSides(2, column(-1, -1), first, second, 1)
    expect(nobody.verdict.sentence).toBe('There is no text that both answered.')
  })

  it('tell which texts they differ on, and which nobody got right', () => {
    const gold = column(0, 1, NO_ANSWER, 1, 0)
    const columns = [column(0, 0, 1, NO_ANSWER, NO_ANSWER), column(0, 0, 2, 0), column(0, 1, 1, 0)]
    expect(differingTexts(columns, 5)).toEqual([1, 2])
    expect(differingTexts(columns.slice(0, 1), 5)).toEqual([])
    expect(missedTexts(gold, columns)).toEqual([3])
  })
})
