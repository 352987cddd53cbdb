import type { Page } from '@playwright/test'
import {
  beforeTheEnd,
  engineReady,
  exportedRows,
  isRunning,
  pausedCount,
  rowsShown,
  shownCount,
  until,
  type Count,
} from '../controls'
import { TOO_LATE, type Ordeal } from '../fault'
import { expectFirstOf, SoakFailure } from '../exported'
import { checkKept, patienceMs } from '../kept'

/** The run is held, by key or by pointer, and resumed; by chance the page is reloaded in between. */
export async function paused(ordeal: Ordeal, seen: number): Promise<string> {
  const { page, fault, undisturbed } = ordeal
  const isByKey = fault.chance < 0.5
  const isReloaded = (fault.chance * 2) % 1 < 0.5
  const lines = undisturbed.length
  // A run cannot be held before its first result.
  const before = Math.max(seen, await rowsShown(page, 1, lines, patienceMs(lines)))
  if (!(await beforeTheEnd(page, lines, (options) => press(page, /^Pause/, isByKey, options))))
    return TOO_LATE
  const held = await until('pause', 10_000, async () => {
    const count = await pausedCount(page)
    return count ?? ((await isRunning(page)) ? undefined : await shownCount(page))
  })
  await checkHeld(ordeal, held, before)
  if (isReloaded) {
    await page.reload()
    await engineReady(page)
  }
  const again = await pausedCount(page)
  // What was held a moment ago is perhaps not stored yet: then the run is one that broke off.
  if (!again) return `${await checkKept(ordeal, 0)} kept`
  if (again.rows !== held.rows)
    throw new SoakFailure(`Paused at ${held.rows} rows, and after a reload at ${again.rows}.`)
  await press(page, /^Resume/, isByKey)
  return `${held.rows} kept${isReloaded ? ' over a reload' : ''}`
}

async function press(page: Page, name: RegExp, isByKey: boolean, options = {}): Promise<void> {
  const button = page.getByRole('button', { name })
  if (!isByKey) return button.click(options)
  // Away from the text box, which would take the key for text.
  await button.focus(options)
  await page.keyboard.press('p')
}

async function checkHeld({ page, undisturbed }: Ordeal, held: Count, atLeast: number): Promise<void> {
  if (held.rows < atLeast) throw new SoakFailure(`${atLeast} rows were shown, but it paused at ${held.rows}.`)
  const rows = await exportedRows(page)
  if (rows.length !== held.rows)
    throw new SoakFailure(`The page paused at ${held.rows} rows, and exports ${rows.length}.`)
  expectFirstOf(undisturbed, rows)
}
