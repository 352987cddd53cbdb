import { expect, test } from '@playwright/test'
import { expectSame, type ExportedRow } from '../../scripts/soak/exported'
import { planFaults, TOO_LATE } from '../../scripts/soak/fault'
import { soakLines } from '../../scripts/soak/lines'
import { undergo, undisturbedRun } from '../../scripts/soak/ordeals'

const SEED = 13
const LINES = soakLines(500, SEED)
// Rows come in pieces that grow: late faults would find little to disturb.
const faults = planFaults(5, 150, SEED)

let undisturbed: readonly ExportedRow[] = []

test.beforeAll(async ({ browser, baseURL }) => {
  const context = await browser.newContext(baseURL === undefined ? {} : { baseURL })
  undisturbed = await undisturbedRun(await context.newPage(), LINES)
  await context.close()
})

for (const [place, fault] of faults.entries())
  test(`a run survives fault ${place + 1}: ${fault.kind}, at row ${fault.atRow}`, async ({ page }) => {
    const told = await undergo(page, fault, LINES, undisturbed)
    test.skip(told.endsWith(TOO_LATE), 'This machine was through with the run before the fault came.')
    expect(told).toMatch(/kept/)
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
