import { expect, test } from '@playwright/test'
import { expectSame, type ExportedRow } from '../../scripts/soak/exported'
import { planFaults } from '../../scripts/soak/fault'
import { soakLines } from '../../scripts/soak/lines'
import { undergo, undisturbedRun } from '../../scripts/soak/ordeals'

const SEED = 13
const LINES = soakLines(400, SEED)
// The last 152 lines come in one piece, with nothing in between to disturb.
const faults = planFaults(5, 300, SEED)

let undisturbed: readonly ExportedRow[] = []

test.beforeAll(async ({ browser, baseURL }) => {
  const context = await browser.newContext(baseURL === undefined ? {} : { baseURL })
  undisturbed = await undisturbedRun(await context.newPage(), LINES)
  await context.close()
})

for (const [place, fault] of faults.entries())
  test(`a run survives fault ${place + 1}: ${fault.kind}, at row ${fault.atRow}`, async ({ page }) => {
    expect(await undergo(page, fault, LINES, undisturbed)).toMatch(/kept/)
  })

test('a row that is lost, doubled, moved or labelled otherwise is found', () => {
  const [first, second, third, ...rest] = undisturbed
  if (!first || !second || !third) throw new Error('There are no rows to spoil.')
  const other = first.label === 'neutral' ? 'positive' : 'neutral'
  for (const spoilt of [
    [first, third, ...rest],
    [first, second, second, ...rest],
    [second, first, third, ...rest],
    [{ ...first, label: other, margin: 0.9 }, second, third, ...rest],
    undisturbed.slice(0, -1),
  ])
    expect(() => expectSame([{ ...first, margin: 0.9 }, second, third, ...rest], spoilt)).toThrow()
})
