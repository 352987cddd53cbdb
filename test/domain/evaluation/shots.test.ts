import { describe, expect, it } from 'vitest'
import { shotVerdict } from '../../../src/domain/evaluation/shots'

const test = (k: number, onlyFirst: number, onlySecond: number, both = 500) => ({
  k,
  counts: { n: 1000, onlyFirst, onlySecond, both },
})

describe('whether more shots help', () => {
  it('is said for each number of shots, with what chance would give', () => {
    const { answer, sentences } = shotVerdict([test(5, 81, 60), test(1, 100, 40), test(10, 5, 5)])
    expect(answer).toBe('fewer')
    expect(sentences).toEqual([
      "1 shot gets 6.0 points less than none on 1,000 texts; that is more than chance (McNemar's exact test, p < .001).",
      // The binomial test of 60 in 141 gives .0918.
      "5 shots get 2.1 points less than none on 1,000 texts; that may be chance (McNemar's exact test, p = .092).",
      "10 shots get as many right as none on 1,000 texts; that may be chance (McNemar's exact test, p = 1.000).",
    ])
  })

  it('gathers several seeds', () => {
    const { answer, sentences } = shotVerdict([test(5, 100, 40), test(5, 40, 100), test(5, 10, 12)])
    expect(answer).toBe('depends')
    expect(sentences).toEqual([
      '5 shots get from 6.0 points less to 6.0 points more, by what is drawn, than none on 1,000 texts; for 2 of 3 seeds that is more than chance.',
    ])
  })

  it('is more, not shown, or not known', () => {
    expect(shotVerdict([test(1, 40, 100), test(5, 10, 12)]).answer).toBe('more')
    expect(shotVerdict([test(1, 10, 12)]).answer).toBe('not shown')
    const none = { k: 1, counts: { n: 0, onlyFirst: 0, onlySecond: 0, both: 0 } }
    expect(shotVerdict([none])).toEqual({ answer: undefined, sentences: [] })
  })
})
