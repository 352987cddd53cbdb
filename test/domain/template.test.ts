import { describe, expect, it } from 'vitest'
import { askedOf } from '../../src/domain/asked'
import { renderKShot, renderQuery, validateKShotFormat, validateTemplate } from '../../src/domain/template'
import { FINANCE_TASK } from './finance-task'

describe('renderQuery', () => {
  it('puts text and options in their places', () => {
    const task = { ...FINANCE_TASK, template: 'is this {options}? {text}' }
    expect(renderQuery(task, 'Sales rose')).toBe('is this bad news, neutral, good news? Sales rose')
  })

  it.each(['$& $1 $$', '{options} {text}', '{label}', '\\n', '{'])('inserts %j literally', (text) => {
    expect(renderQuery(FINANCE_TASK, text)).toBe(`${text} sentiment:`)
  })

  it("leaves braces of the template's own wording alone", () => {
    const task = { ...FINANCE_TASK, template: 'choose from {negative/positive}: {text}' }
    expect(renderQuery(task, 'x')).toBe('choose from {negative/positive}: x')
  })
})

describe('a pair', () => {
  const pair = { text: 'Sales {pair} rose', pair: 'Costs {text} $& fell' }

  it('stands where the template says, word for word', () => {
    const task = { ...FINANCE_TASK, template: '{pair} | {text} | {options}' }
    expect(renderQuery(task, pair)).toBe(
      'Costs {text} $& fell | Sales {pair} rose | bad news, neutral, good news',
    )
    expect(renderQuery(task, 'alone')).toBe(' | alone | bad news, neutral, good news')
  })

  it('follows the text where the template says nothing', () => {
    expect(renderQuery(FINANCE_TASK, pair)).toBe('Sales {pair} rose Costs {text} $& fell sentiment:')
  })

  it('belongs to the query of a k-shot prompt, not to the demonstrations', () => {
    const shown = [{ text: 'Sales fell', labelId: 'negative' }]
    const query = { text: 'Up?', pair: 'Or down?' }
    expect(renderKShot(FINANCE_TASK, shown, query)).toBe(
      'Sales fell sentiment: bad news. Up? Or down? sentiment:',
    )
    const kShot = { demonstration: '{text}{pair}: {label}', separator: '; ', query: '{text} / {pair}:' }
    expect(renderKShot({ ...FINANCE_TASK, kShot }, shown, query)).toBe(
      'Sales fell: bad news; Up? / Or down?:',
    )
  })

  it('that is empty is none', () => {
    expect(askedOf({ text: 'Up', pair: '' })).toBe('Up')
    expect(askedOf({ text: 'Up' })).toBe('Up')
  })
})

describe('renderKShot', () => {
  it('joins demonstrations and query, with the words of each label', () => {
    const demonstrations = [
      { text: 'Sales fell', labelId: 'negative' },
      { text: 'Sales {label} $&', labelId: 'Bullish' },
    ]
    expect(renderKShot(FINANCE_TASK, demonstrations, 'Sales?')).toBe(
      'Sales fell sentiment: bad news. Sales {label} $& sentiment: good news. Sales? sentiment:',
    )
  })

  it('is the query alone without demonstrations', () => {
    expect(renderKShot(FINANCE_TASK, [], 'Sales?')).toBe('Sales? sentiment:')
  })

  it('refuses a label that the task does not have', () => {
    expect(() => renderKShot(FINANCE_TASK, [{ text: 'x', labelId: 'angry' }], 'y')).toThrow(/"angry"/)
  })
})

describe('validation', () => {
  it('accepts the task of the embedded models', () => {
    expect(validateTemplate(FINANCE_TASK.template)).toBeUndefined()
    expect(validateKShotFormat(FINANCE_TASK.kShot)).toBeUndefined()
  })

  it('says what a template lacks', () => {
    expect(validateTemplate('sentiment:')).toMatch(/needs \{text\}/)
    expect(validateTemplate('{text} {label}')).toMatch(/cannot hold \{label\}/)
    expect(validateKShotFormat({ ...FINANCE_TASK.kShot, demonstration: '{text}' })).toMatch(/needs \{label\}/)
    expect(validateKShotFormat({ ...FINANCE_TASK.kShot, demonstration: '{label}' })).toMatch(/needs \{text\}/)
    expect(validateKShotFormat({ ...FINANCE_TASK.kShot, query: 'sentiment:' })).toMatch(
      /k-shot query needs \{text\}/,
    )
  })
})
