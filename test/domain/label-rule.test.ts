import { describe, expect, it } from 'vitest'
import { guessLabelRule, labelIdOf, labelNames, type LabelRule } from '../../src/domain/label-rule'
import { FINANCE_TASK } from './finance-task'

const { labels } = FINANCE_TASK
const labelIds = { 0: 'negative', 1: 'positive' }

describe('labelIdOf', () => {
  it.each([
    ['0', 'negative'],
    [' 1 ', 'positive'],
    ['1.0', 'positive'],
    ['-1', undefined],
    ['2', undefined],
    ['', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
  ])('of the name %j is %j', (cell, id) => {
    expect(labelIdOf({ kind: 'names', labelIds }, cell)).toBe(id)
  })

  it.each([
    ["{'SpiceJet': 'neutral'}", 'neutral'],
    [`{"Moody's": 'negative', 'Sensex': 'negative'}`, 'negative'],
    ["{'Tata': 'neutral', 'Sensex': 'positive'}", undefined],
    ['{}', undefined],
    ['neutral', undefined],
  ])('of the entities %j is %j', (cell, id) => {
    const own = { negative: 'negative', neutral: 'neutral', positive: 'positive' }
    expect(labelIdOf({ kind: 'entities', labelIds: own }, cell)).toBe(id)
  })

  it.each([
    ['-0.463', 'low'],
    ['-0.1', 'middle'],
    ['0', 'middle'],
    ['0.1', 'high'],
    ['', undefined],
    ['n/a', undefined],
  ])('of the score %j is %j', (cell, id) => {
    const limits = { negativeBelow: -0.1, positiveFrom: 0.1 }
    const rule: LabelRule = { kind: 'score', ...limits, lowId: 'low', middleId: 'middle', highId: 'high' }
    expect(labelIdOf(rule, cell)).toBe(id)
    expect(labelNames(rule, cell)).toEqual([])
  })
})

describe('guessLabelRule', () => {
  it('knows names, words and aliases, and leaves out the others', () => {
    expect(guessLabelRule(['Bullish', 'bad news', 'neutral', 'spam', ''], labels)).toEqual({
      kind: 'names',
      labelIds: { Bullish: 'positive', 'bad news': 'negative', neutral: 'neutral' },
    })
  })

  it('takes numbers for the labels in their order', () => {
    const rule = { kind: 'names', labelIds: { 0: 'negative', 1: 'neutral', 2: 'positive' } }
    expect(guessLabelRule(['2', '0', '2.0'], labels)).toEqual(rule)
  })

  it.each([[['3', '0']], [['-1']], [['spam', 'ham']], [['', '']], [[]]])('has none for %j', (cells) => {
    expect(guessLabelRule(cells, labels)).toBeUndefined()
  })
})
