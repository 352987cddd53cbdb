import type { Page } from '@playwright/test'

/** A time for which the page could answer nothing. */
export interface LongTask {
  /** Since the page was opened, as in performance.now(). */
  readonly startMs: number
  readonly durationMs: number
}

/** Lets the page note every task of 50 ms or more from its opening on. */
export async function noteLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const noted: { startMs: number; durationMs: number }[] = []
    Reflect.set(globalThis, 'longTasks', noted)
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        noted.push({ startMs: startTime, durationMs: duration })
    }).observe({ type: 'longtask', buffered: true })
  })
}

/** What was noted so far. */
export const longTasks = (page: Page): Promise<readonly LongTask[]> => page.evaluate('longTasks')

export const pageNow = (page: Page): Promise<number> => page.evaluate(() => performance.now())

/** The tasks that began from `fromMs` on and before `toMs`. */
export const tasksBetween = (tasks: readonly LongTask[], fromMs: number, toMs: number): readonly LongTask[] =>
  tasks.filter(({ startMs }) => startMs >= fromMs && startMs < toMs)

/** How many and how long, in words. */
export function tasksInWords(tasks: readonly LongTask[]): string {
  if (tasks.length === 0) return 'none'
  const longest = tasks.map(({ durationMs }) => Math.round(durationMs)).sort((a, b) => b - a)
  const shown = longest.slice(0, 12).join(', ')
  return `${tasks.length}, of ${shown}${longest.length > 12 ? ' and fewer' : ''} ms`
}
