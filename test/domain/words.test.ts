import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitWords, withoutWord } from '../../src/domain/words'

const words = (text: string): string[] => splitWords(text).map((each) => each.word)
const without = (text: string, place: number): string => {
  const word = splitWords(text)[place]
  if (word === undefined) throw new Error(`"${text}" has no word ${place}`)
  return withoutWord(text, word)
}

describe('splitWords', () => {
  it.each<[string, string[]]>([
    ['$QRVL up, #stocks @jim', ['$QRVL', 'up,', '#stocks', '@jim']],
    ['rose +12.5% (€240m deal)!', ['rose', '+12.5%', '(€240m', 'deal)!']],
    ['see https://t.co/a-b?c=1 now', ['see', 'https://t.co/a-b?c=1', 'now']],
    ["isn't full-year EUR/USD", ["isn't", 'full-year', 'EUR/USD']],
    ['Gran , up 5.2 % to EUR 205.5 mn .', ['Gran ,', 'up', '5.2 %', 'to', 'EUR', '205.5 mn .']],
    ['5 million in 5 markets, 3 month', ['5 million', 'in', '5', 'markets,', '3', 'month']],
    ['moon🚀🚀 soon 👩‍🚀!', ['moon', '🚀🚀', 'soon', '👩‍🚀!']],
    ['Brand™ flag 🇩🇪', ['Brand™', 'flag', '🇩🇪']],
    ['" Quote - he said', ['" Quote -', 'he', 'said']],
    ['株価は上昇した。', ['株価', 'は', '上昇', 'した。']],
    ['...', ['...']],
    [' \t ', []],
  ])('splits %j', (text, expected) => {
    expect(words(text)).toEqual(expected)
  })

  it('covers every character but space once, in order', () => {
    const unit = fc.constantFrom(
      'a',
      '5',
      ' ',
      '  ',
      ',',
      '-',
      '$',
      '%',
      '#',
      '🚀',
      '™',
      '株',
      'ไ',
      '\u200D',
      '\uFE0F',
      ' mn',
      '\n',
      '"',
    )
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit })), (text) => {
        const found = splitWords(text)
        let end = 0
        let outside = ''
        for (const word of found) {
          expect(word.start).toBeGreaterThanOrEqual(end)
          expect(text.slice(word.start, word.end)).toBe(word.word)
          outside += text.slice(end, word.start)
          end = word.end
        }
        expect((outside + text.slice(end)).trim()).toBe('')
        expect(found.every((word) => word.word.trim() !== '')).toBe(true)
      }),
    )
  })
})

describe('withoutWord', () => {
  it('leaves single spaces', () => {
    expect(without('$QRVL is  up', 0)).toBe('is  up')
    expect(without('$QRVL is  up', 1)).toBe('$QRVL up')
    expect(without('$QRVL is  up', 2)).toBe('$QRVL is')
  })

  it('adds no space where there was none', () => {
    expect(without('moon🚀soon', 1)).toBe('moonsoon')
    expect(without('株価は上昇した。', 1)).toBe('株価上昇した。')
  })

  it('can leave nothing', () => {
    expect(without('up', 0)).toBe('')
  })
})
