import { describe, expect, it } from 'vitest'
import { answersCsv } from '../../../src/domain/evaluation/answers-csv'

describe('answers as a table', () => {
  it('has a row for each text with everybody’s answer, safe for spreadsheets where asked', () => {
    const lines = [
      { line: 2, text: '=1+1', goldId: 'a' },
      { line: 3, text: 'so, "so"', pair: 'second' },
    ]
    const gold = Int16Array.of(0, -1)
    const sides = [
      { name: 'nano', answers: Int16Array.of(1, 0), confidences: Float64Array.of(0.75, 0.5) },
      { name: 'gpt.csv', answers: Int16Array.of(-1, 1), confidences: undefined },
    ]
    expect([...answersCsv(lines, ['a', 'b'], gold, sides, 'spreadsheet-safe')].join('')).toBe(
      'line,text,pair,gold,nano,nano: probability,gpt.csv,gpt.csv: probability\r\n' +
        "2,'=1+1,,a,b,0.75,,\r\n" +
        '3,"so, ""so""",second,,a,0.5,b,\r\n',
    )
    expect([...answersCsv(lines, ['a', 'b'], gold, sides, 'exact')][1]).toMatch(/^2,=1\+1,/)
  })
})
