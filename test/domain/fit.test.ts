import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textOf, type Asked } from '../../src/domain/asked'
import { fitPrompt, type FittedPrompt } from '../../src/domain/fit'
import type { Demonstration } from '../../src/domain/task'
import { renderKShot } from '../../src/domain/template'
import { FINANCE_TASK } from './finance-task'

const render = (demonstrations: readonly Demonstration[], text: Asked): string =>
  renderKShot(FINANCE_TASK, demonstrations, text)
const wordCount = (prompt: string): number => prompt.split(/\s+/).filter((word) => word !== '').length
/** Three characters to a token within each word, as a subword tokenizer roughly does. */
const subwordCount = (prompt: string): number =>
  prompt.split(/\s+/).reduce((sum, word) => sum + Math.ceil([...word].length / 3), 0)
const three = ['one', 'two', 'three'].map((text) => ({ text, labelId: 'neutral' }))

function fitCounted(
  text: string,
  max: number,
  count = subwordCount,
  demonstrations: readonly Demonstration[] = [],
): FittedPrompt & { calls: number } {
  let calls = 0
  const counted = (prompt: string): number => {
    calls += 1
    return count(prompt)
  }
  const fitted = fitPrompt(render, demonstrations, text, counted, max)
  return { ...fitted, calls }
}

describe('demonstrations', () => {
  // Each takes three words ("one sentiment: neutral."), the query four.
  it.each([
    [13, 3],
    [12, 2],
    [10, 2],
    [9, 1],
    [6, 0],
    [4, 0],
  ])('with room for %i words keeps the last %i of three', (max, used) => {
    const fitted = fitPrompt(render, three, 'what about this', wordCount, max)
    expect(fitted).toEqual({
      prompt: render(three.slice(3 - used), 'what about this'),
      text: 'what about this',
      pair: '',
      demonstrationsUsed: used,
      isCut: false,
    })
  })

  it('all go before the query is cut', () => {
    expect(fitPrompt(render, three, 'what about this', wordCount, 3)).toEqual({
      prompt: 'what about sentiment:',
      text: 'what about',
      pair: '',
      demonstrationsUsed: 0,
      isCut: true,
    })
  })
})

describe('long texts', () => {
  it('end after the last whole word that fits, the template whole', () => {
    // "sentiment:" is 4 tokens, each "abcd" 2: (20 - 4) / 2 = 8 words.
    const { prompt, isCut } = fitCounted(Array(500).fill('abcd').join(' '), 20)
    expect(prompt).toBe(`${Array(8).fill('abcd').join(' ')} sentiment:`)
    expect(isCut).toBe(true)
  })

  it('keep a text that fits exactly, its spaces included', () => {
    expect(fitCounted(' abc  def ', 6)).toMatchObject({ prompt: ' abc  def  sentiment:', isCut: false })
  })

  it('cut a single giant word between code points', () => {
    const { prompt, isCut } = fitCounted('😀'.repeat(1000), 20)
    // The word joins no other, so its 16 tokens hold 48 code points.
    expect(prompt).toBe(`${'😀'.repeat(48)} sentiment:`)
    expect(isCut).toBe(true)
  })

  it('go into a giant word after a short one, but drop an ordinary word whole', () => {
    expect(fitCounted(`ab ${'x'.repeat(100)}`, 10).prompt).toBe(`ab ${'x'.repeat(15)} sentiment:`)
    expect(fitCounted('ab abcdef', 6).prompt).toBe('ab sentiment:')
  })

  it('leave an empty text when the template alone takes all the room', () => {
    expect(fitCounted('abc def', 4)).toMatchObject({ prompt: ' sentiment:', isCut: true })
    expect(fitCounted('abc def', 1)).toMatchObject({ prompt: ' sentiment:', isCut: true })
  })

  it.each([
    ['many words', Array(100_000).fill('ab').join(' ')],
    ['long words', Array(2000).fill('internationally').join(' ')],
    ['one giant word', 'x'.repeat(200_000)],
    ['a script without spaces', '株価は大幅に上昇した。'.repeat(200)],
  ])('of %s need at most 15 counts', (_, text) => {
    const { calls, isCut } = fitCounted(text, 128)
    expect(isCut).toBe(true)
    expect(calls).toBeLessThanOrEqual(15)
  })

  it('need one count when they fit, two with demonstrations', () => {
    expect(fitCounted('abc def', 128).calls).toBe(1)
    expect(fitCounted('abc def', 128, subwordCount, three).calls).toBe(2)
  })
})

describe('a pair', () => {
  const asked = { text: 'what about this', pair: 'and that too' }
  const fit = (max: number, demonstrations = three) =>
    fitPrompt(render, demonstrations, asked, wordCount, max)

  // The query takes seven words, each demonstration three.
  it.each([
    [16, 3, 'what about this and that too sentiment:', false],
    [9, 0, 'what about this and that too sentiment:', false],
    [7, 0, 'what about this and that too sentiment:', false],
    [6, 0, 'what about this and that sentiment:', true],
    [4, 0, 'what about this sentiment:', true],
    [3, 0, 'what about sentiment:', true],
  ])(
    'with room for %i words: demonstrations go first, then the pair, then the text',
    (max, used, query, isCut) => {
      expect(fit(max)).toMatchObject({ demonstrationsUsed: used, isCut })
      expect(fit(max).prompt.endsWith(query)).toBe(true)
      if (used === 0) expect(fit(max).prompt).toBe(query)
    },
  )

  it('says what was kept of both', () => {
    expect(fit(6)).toMatchObject({ text: 'what about this', pair: 'and that' })
    expect(fit(4)).toMatchObject({ text: 'what about this', pair: '' })
    expect(fit(3)).toMatchObject({ text: 'what about', pair: '' })
  })

  it('always fits, and the text loses nothing while something of the pair is left', () => {
    const words = fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }), {
      minLength: 1,
      maxLength: 30,
    })
    const texts = words.map((each) => each.join(' ').trim()).filter((text) => text !== '')
    fc.assert(
      fc.property(texts, texts, fc.integer({ min: 10, max: 60 }), (text, pair, max) => {
        const fitted = fitPrompt(render, [], { text, pair }, subwordCount, max)
        expect(subwordCount(fitted.prompt)).toBeLessThanOrEqual(max)
        expect(text.startsWith(fitted.text)).toBe(true)
        expect(pair.startsWith(fitted.pair)).toBe(true)
        if (fitted.pair !== '') expect(fitted.text).toBe(text)
        expect(fitted.isCut).toBe(fitted.text !== text || fitted.pair !== pair)
      }),
    )
  })

  it.each([
    ['a giant text', 'x'.repeat(200_000), 'up and down'],
    ['a giant pair', 'up and down', 'many words '.repeat(50_000)],
  ])('beside %s needs few counts of short prompts', (_, text, pair) => {
    let calls = 0
    let longest = 0
    const count = (prompt: string): number => {
      calls += 1
      longest = Math.max(longest, prompt.length)
      return subwordCount(prompt)
    }
    expect(fitPrompt(render, [], { text, pair }, count, 128).isCut).toBe(true)
    expect(calls).toBeLessThanOrEqual(16)
    expect(longest).toBeLessThan(10_000)
  })
})

it('always fits, even when the counter is not quite monotone', () => {
  // Some prompts count up to three tokens less than a shorter one.
  const jittery = (prompt: string): number => subwordCount(prompt) + ((prompt.length * 7) % 4)
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), { maxLength: 60 }),
      fc.integer({ min: 10, max: 60 }),
      fc.nat(3),
      (words, max, demonstrations) => {
        const text = words.join(' ')
        const { prompt, isCut, demonstrationsUsed } = fitCounted(
          text,
          max,
          jittery,
          three.slice(0, demonstrations),
        )
        expect(jittery(prompt)).toBeLessThanOrEqual(max)
        expect(prompt).not.toMatch(/\p{Surrogate}/u)
        if (!isCut) expect(prompt.endsWith(`${text} sentiment:`)).toBe(true)
        if (isCut) expect(demonstrationsUsed).toBe(0)
      },
    ),
  )
})

it('never counts more of an endless word than could fit', () => {
  let counted = 0
  const count = (prompt: string): number => {
    counted = Math.max(counted, prompt.length)
    return prompt.length
  }
  const query = (_: readonly unknown[], text: Asked) => `${textOf(text)} sentiment:`
  const { prompt, isCut } = fitPrompt(query, [], 'x'.repeat(1_000_000), count, 128)
  expect(prompt).toHaveLength(128)
  expect(isCut).toBe(true)
  expect(counted).toBeLessThan(10_000)
})
