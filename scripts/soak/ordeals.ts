import type { Page } from '@playwright/test'
import { exportedRows, openPage, paste, pressClassify, rowsShown } from './controls'
import { SoakFailure, type ExportedRow } from './exported'
import type { Fault, FaultKind, Ordeal } from './fault'
import { modelSpoilt } from './faults/model'
import { paused } from './faults/pause'
import { pageReloaded } from './faults/reload'
import { stopped } from './faults/stop'
import { prepareRefusal, storageRefused } from './faults/storage'
import { workerKilled, workerKilledTwice } from './faults/worker'
import { finish, patienceMs } from './kept'

/** Each takes how many rows were seen when it comes, and tells in a few words what was kept. */
const faults: Readonly<Record<FaultKind, (ordeal: Ordeal, seen: number) => Promise<string>>> = {
  'worker killed': workerKilled,
  'worker killed twice': workerKilledTwice,
  'page reloaded': pageReloaded,
  'storage refused': storageRefused,
  stopped,
  paused,
  'network gone while the model loads': modelSpoilt,
  'model truncated while it loads': modelSpoilt,
  'model corrupted while it loads': modelSpoilt,
}

/** Classifies the lines in a page that nothing disturbs, and exports them. */
export async function undisturbedRun(page: Page, lines: readonly string[]): Promise<readonly ExportedRow[]> {
  await openPage(page)
  await paste(page, lines)
  await pressClassify(page)
  await rowsShown(page, lines.length, lines.length, patienceMs(lines.length))
  const rows = await exportedRows(page)
  const stray = lines.findIndex((text, place) => rows[place]?.text !== text || rows[place].line !== place + 1)
  if (stray >= 0 || rows.length !== lines.length)
    throw new SoakFailure(
      `Without a fault ${rows.length} rows came out, and line ${stray + 1} is not its own.`,
    )
  return rows
}

/**
 * Classifies the lines in a fresh page, lets the fault happen, goes on through the page's own controls and compares.
 * Answers what was kept, in a few words; throws SoakFailure where anything is not as it has to be.
 */
export async function undergo(
  page: Page,
  fault: Fault,
  lines: readonly string[],
  undisturbed: readonly ExportedRow[],
): Promise<string> {
  const ordeal: Ordeal = { page, fault, undisturbed }
  if (fault.kind === 'storage refused') await prepareRefusal(page)
  await openPage(page)
  await paste(page, lines)
  await pressClassify(page)
  const seen =
    fault.atRow === 0 ? 0 : await rowsShown(page, fault.atRow, lines.length, patienceMs(lines.length))
  const told = await faults[fault.kind](ordeal, seen)
  await finish(ordeal)
  return `came at row ${seen}; ${told}`
}
