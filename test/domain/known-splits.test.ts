import { describe, expect, it } from 'vitest'
import { splitOf, wasTrainedWith } from '../../src/domain/known-splits'

describe('splits of known data sets', () => {
  it('are told by their number of rows', () => {
    expect(splitOf('tfsn', 2388)).toBe('valid')
    expect(splitOf('tfsn', 9543)).toBe('train')
    expect(splitOf('fpb', 4846)).toBe('50Agree')
    expect(splitOf('tfsn', 2387)).toBeUndefined()
    expect(splitOf('sentfin', 2388)).toBeUndefined()
  })

  it('are what a model was trained with, by their size or else by the name of the file', () => {
    const train = [{ dataset: 'tfsn', split: 'train' }] as const
    expect(wasTrainedWith(train, 'tfsn', 9543, 'any.csv')).toBe(true)
    expect(wasTrainedWith(train, 'tfsn', 2388, 'sent_train.csv')).toBe(false)
    expect(wasTrainedWith(train, 'tfsn', 500, 'sent_train.csv')).toBe(true)
    expect(wasTrainedWith(train, 'tfsn', 500, 'constraints.csv')).toBe(false)
    expect(wasTrainedWith(train, 'fpb', 9543, 'train.csv')).toBe(false)
    expect(wasTrainedWith([{ dataset: 'imdb' }], 'imdb', 7, 'x.csv')).toBe(true)
  })
})
