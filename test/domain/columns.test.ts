import { describe, expect, it } from 'vitest'
import { guessColumns, type ColumnSample } from '../../src/domain/columns'
import { FINANCE_TASK } from './finance-task'

const { labels } = FINANCE_TASK
const column = (name: string, ...values: string[]): ColumnSample => ({ name, values })
const guess = (...columns: ColumnSample[]) => guessColumns(columns, labels)

describe('guessColumns', () => {
  it('goes by names, in any letter case and order', () => {
    expect(guess(column('id', '1'), column('Label', '0'), column(' TEXT ', 'Profit rose'))).toEqual({
      textColumn: ' TEXT ',
      pairColumn: undefined,
      labelColumn: 'Label',
    })
  })

  it('prefers the better name: `text` to `title`', () => {
    expect(guess(column('title', 'A title'), column('text', 'The text'))).toMatchObject({
      textColumn: 'text',
    })
  })

  it('goes by contents where names say nothing: the longest prose, and cells that are labels', () => {
    const found = guess(
      column('a', '17', '18', '19'),
      column('b', 'Profit rose by 5 %', 'Sales fell again', 'Nothing happened today'),
      column('c', 'Reuters', 'Bloomberg', 'Reuters'),
      column('d', 'bullish', 'bearish', 'neutral'),
    )
    expect(found).toEqual({ textColumn: 'b', pairColumn: undefined, labelColumn: 'd' })
  })

  it('takes a second text only beside its first', () => {
    const [premise, hypothesis] = [column('premise', 'It rains.'), column('hypothesis', 'It is wet.')]
    expect(guess(premise, hypothesis)).toMatchObject({ textColumn: 'premise', pairColumn: 'hypothesis' })
    expect(guess(column('text', 'It rains.'), hypothesis)).toMatchObject({
      textColumn: 'text',
      pairColumn: undefined,
    })
  })

  it('takes no numbers and no ids for a label column by contents', () => {
    const ids = Array.from({ length: 40 }, (_, index) => `id-${index}`)
    expect(guess(column('key', ...ids), column('words', 'Profit rose'))).toMatchObject({
      labelColumn: undefined,
    })
  })

  it('takes the only column for the text, even one that looks like labels', () => {
    expect(guess(column('x', 'neutral'))).toMatchObject({ textColumn: 'x', labelColumn: undefined })
  })
})
