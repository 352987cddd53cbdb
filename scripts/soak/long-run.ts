import type { Page } from '@playwright/test'
import { rendererBytes } from '../bench/renderer-memory'
import {
  copy,
  exportedRows,
  linesRead,
  openPage,
  painted,
  pasteCopied,
  pressClassify,
  rowsShown,
  shownCount,
} from './controls'
import { SoakFailure } from './exported'
import { withVisitor, type Site } from './fault-runs'
import { patienceMs } from './kept'
import { soakLines } from './lines'
import { LONG_MS, longTasksDuring, ownTasks, tasksInWords, type LongTask } from './long-tasks'
import { USES } from './uses'

/** The run that a very long one is compared with has a tenth of its rows. */
const SMALLER = 10
/** What a row may hold: its line in the text box and in two threads, its scores, what is shown of it, its stored copy on the way. */
const ROW_BYTES_AT_MOST = 4096
const SAMPLE_EVERY_MS = 250
/** A browser's trace has room for some minutes, and drops what comes then. */
const WATCH_MS = 20_000
/** At the start the lines are copied to the engine, and at the first storing to storage. */
const BEGINNING_ROWS = 2000

interface Measured {
  /** Proportional set size of the renderer after the run, without garbage; undefined where the system does not tell. */
  readonly heldBytes: number | undefined
  /** Long tasks of the page's own making, by what was done. */
  readonly own: ReadonlyMap<string, number>
}

const megabytes = (bytes: number | undefined): string =>
  bytes === undefined ? 'unknown' : `${Math.round(bytes / 1e6)} MB`

interface Watched {
  readonly isAtEnd: boolean
  readonly peakBytes: number | undefined
}

/** Scrolls through the results for a while, or until all rows are there, and samples the renderer's memory. */
async function watch(site: Site, page: Page, rows: number): Promise<Watched> {
  const end = performance.now() + WATCH_MS
  const box = await page.getByRole('region', { name: 'Results' }).boundingBox()
  if (box) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  let peakBytes: number | undefined
  for (let turn = 0; ; turn += 1) {
    const count = await shownCount(page)
    const bytes = await rendererBytes(site.browser)
    if (bytes !== undefined) peakBytes = Math.max(peakBytes ?? 0, bytes)
    const isAtEnd = count?.lines === rows && count.rows === rows
    if (isAtEnd || performance.now() > end) return { isAtEnd, peakBytes }
    // Down three times, then up once: through the list, and back over rows that were left.
    await page.mouse.wheel(0, turn % 4 === 3 ? -1200 : 1600)
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_EVERY_MS))
  }
}

/** What is held once all garbage is gone. */
async function settledBytes(site: Site, page: Page): Promise<number | undefined> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.detach()
  return rendererBytes(site.browser)
}

async function measure(site: Site, rows: number, seed: number): Promise<Measured> {
  const lines = soakLines(rows, seed)
  return withVisitor(site, async (page) => {
    const own = new Map<string, number>()
    const tell = (name: string, tasks: readonly LongTask[]): void => {
      own.set(name, ownTasks(tasks).length)
      site.say(`        long tasks while ${name}: ${tasksInWords(tasks)}`)
    }
    const during = async (name: string, work: () => Promise<void>): Promise<void> =>
      tell(name, await longTasksDuring(site.browser, page, work, true))
    await openPage(page)
    await copy(page, lines)
    await during('pasting', async () => {
      await pasteCopied(page)
      await linesRead(page, rows)
      await painted(page)
    })
    const pressedAt = performance.now()
    await during('beginning', async () => {
      await pressClassify(page)
      await rowsShown(page, Math.min(rows, BEGINNING_ROWS), rows, patienceMs(rows))
    })
    const watched: Watched[] = []
    const tasks: LongTask[] = []
    while (watched.at(-1)?.isAtEnd !== true) {
      if (performance.now() - pressedAt > patienceMs(rows))
        throw new SoakFailure(`The run of ${rows} lines took over ${patienceMs(rows) / 1000} s.`)
      const look = async (): Promise<unknown> => watched.push(await watch(site, page, rows))
      tasks.push(...(await longTasksDuring(site.browser, page, look, true)))
    }
    tell('running and scrolling', tasks)
    const peakBytes = watched.reduce((peak, { peakBytes = 0 }) => Math.max(peak, peakBytes), 0)
    const seconds = (performance.now() - pressedAt) / 1000
    const heldBytes = await settledBytes(site, page)
    for (const { name, use } of USES) await during(name, () => use(page))
    const exported = await exportedRows(page)
    const stray = lines.findIndex((text, place) => exported[place]?.text !== text)
    if (exported.length !== rows || stray >= 0)
      throw new SoakFailure(
        `${exported.length} of ${rows} rows were exported; line ${stray + 1} is not its own.`,
      )
    site.say(
      `        ${rows} rows in ${Math.round(seconds)} s (${Math.round(rows / seconds)}/s), all exported in order; ` +
        `PSS of the renderer at most ${megabytes(peakBytes || undefined)}, at the end ${megabytes(heldBytes)} without garbage`,
    )
    return { heldBytes, own }
  })
}

/** Runs a tenth of the rows and then all, scrolling, and uses the results; answers how many of the demands are not met. */
export async function longRun(site: Site, rows: number, seed: number): Promise<number> {
  const small = Math.ceil(rows / SMALLER)
  try {
    const less = await measure(site, small, seed)
    const more = await measure(site, rows, seed)
    let failed = 0
    const demand = (isMet: boolean, sentence: string): void => {
      if (!isMet) failed += 1
      site.say(`${isMet ? 'ok      ' : 'FAILED  '}${sentence}`)
    }
    for (const [name, tasks] of more.own)
      demand(tasks === 0, `${tasks} tasks computed for over ${LONG_MS} ms while ${name}, with ${rows} lines`)
    if (less.heldBytes !== undefined && more.heldBytes !== undefined) {
      const perRow = Math.round((more.heldBytes - less.heldBytes) / (rows - small))
      demand(perRow <= ROW_BYTES_AT_MOST, `${perRow} bytes of memory held per row beyond ${small} rows`)
    } else site.say('        memory is not measured: only Linux tells it')
    return failed
  } catch (error) {
    if (!(error instanceof SoakFailure)) throw error
    site.say(`FAILED  the run of ${rows} lines: ${error.message}`)
    return 1
  }
}
