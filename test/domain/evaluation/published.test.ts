import { describe, expect, it } from 'vitest'
import { hasTrainedOn, publishedFigures } from '../../../src/domain/evaluation/published'

describe('what is known of a data set', () => {
  it('is that Flan-T5 was trained with some of them', () => {
    expect(hasTrainedOn('google/flan-t5-small', 'fpb')).toBe(true)
    expect(hasTrainedOn('Xenova/LaMini-Flan-T5-783M', 'sst-2')).toBe(true)
    expect(hasTrainedOn('google/flan-t5-base', 'imdb')).toBe(true)
    expect(hasTrainedOn('google/flan-t5-base', 'sentiment140')).toBe(true)
    expect(hasTrainedOn('google/flan-t5-small', 'tfsn')).toBe(false)
    expect(hasTrainedOn('smallcap-t5-nano', 'fpb')).toBe(false)
  })

  it('is what was published of it, with source, split and n', () => {
    expect(publishedFigures('tfsn')).toMatchObject({ split: 'valid', n: 2388 })
    expect(publishedFigures('fpb')?.caution).toMatch(/not the rows of 50Agree/)
    expect(publishedFigures('sentfin')).toBeUndefined()
  })
})
