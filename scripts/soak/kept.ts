import type { Page } from '@playwright/test'
import { exportedRows, goOn, isRunning, keptCount, rowsShown, shownCount } from './controls'
import { expectFirstOf, expectSame, SoakFailure } from './exported'
import type { Ordeal } from './fault'

const LINES_PER_SECOND_AT_LEAST = 20

/** How long so many lines may take on a busy machine, in milliseconds. */
export const patienceMs = (lines: number): number => 30_000 + (lines / LINES_PER_SECOND_AT_LEAST) * 1000

/**
 * Checks what the page says was kept against what it exports, which has to be the first rows of the undisturbed run,
 * and answers their number: 0 where the results shown are still those of an earlier run.
 */
export async function checkKept({ page, undisturbed }: Ordeal, atLeast: number): Promise<number> {
  const shown = await shownCount(page)
  const isOfThisRun = shown?.lines === undisturbed.length
  const said = await keptCount(page)
  if (!isOfThisRun || shown.rows === undisturbed.length) {
    const rows = isOfThisRun ? shown.rows : 0
    if (rows < atLeast) throw new SoakFailure(`${atLeast} rows were shown, but ${rows} are left.`)
    if (!isOfThisRun && said)
      throw new SoakFailure(`The page tells of ${said.rows} rows kept of another run.`)
    return rows
  }
  if (!said) throw new SoakFailure(`The page shows ${shown.rows} rows and does not say that they were kept.`)
  if (said.rows !== shown.rows || said.lines !== shown.lines)
    throw new SoakFailure(`The page says ${said.rows} of ${said.lines} were kept, and shows ${shown.rows}.`)
  await checkOffer(page, said.lines - said.rows)
  const rows = await exportedRows(page)
  if (rows.length !== said.rows)
    throw new SoakFailure(`The page says ${said.rows} rows were kept, and exports ${rows.length}.`)
  expectFirstOf(undisturbed, rows)
  if (said.rows < atLeast)
    throw new SoakFailure(`${atLeast} rows were shown before, but only ${said.rows} were kept.`)
  return said.rows
}

async function checkOffer(page: Page, left: number): Promise<void> {
  const [offer = ''] = await page.getByRole('button', { name: /^Continue with/ }).allInnerTexts()
  const offered = /[\d,]+/.exec(offer)?.[0].replaceAll(',', '')
  if (Number(offered) !== left)
    throw new SoakFailure(`${left} lines are left, and the page offers "${offer.trim()}".`)
}

/** Goes on as the page offers it and waits for the end; the whole export has to be that of the undisturbed run. */
export async function finish({ page, undisturbed }: Ordeal): Promise<void> {
  const lines = undisturbed.length
  if ((await shownCount(page))?.rows !== lines && !(await isRunning(page))) await goOn(page)
  await rowsShown(page, lines, lines, patienceMs(lines))
  expectSame(undisturbed, await exportedRows(page))
}
