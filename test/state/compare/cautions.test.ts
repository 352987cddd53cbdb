import { describe, expect, it } from 'vitest'
import { Cautions } from '../../../src/state/compare/cautions.svelte'

const turns = { now: () => performance.now(), next: () => Promise.resolve() }
const lines = ['Profit rose.', 'profit rose https://t.co/x', 'Sales fell'].map((text, place) => ({
  line: place + 1,
  text,
}))

describe('cautions', () => {
  it('count texts that repeat each other or a demonstration', async () => {
    const cautions = new Cautions(turns)
    await cautions.look(lines, [{ text: 'SALES FELL!', labelId: 'negative' }])
    expect(cautions.repeats).toEqual({ duplicates: 1, shown: 1 })
  })

  it('are those of what was looked at last', async () => {
    const cautions = new Cautions(turns)
    const first = cautions.look(lines, [])
    await cautions.look(lines.slice(0, 1), [])
    await first
    expect(cautions.repeats).toEqual({ duplicates: 0, shown: 0 })
  })
})
