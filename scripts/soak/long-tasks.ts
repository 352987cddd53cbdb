/**
 * The page's tasks of 50 ms or more, and the processor's time in them: on a busy machine a task is long because others
 * take its turns, and only what it computed itself is the page's own making.
 */
import type { Browser, Page } from '@playwright/test'

/** A time for which the page could answer nothing. */
export interface LongTask {
  readonly durationMs: number
  /** What the page's thread itself computed in it. */
  readonly cpuMs: number
}

export const LONG_MS = 50

/** How Chromium calls a task in a trace; another version may call it otherwise. */
const TASK = 'ThreadControllerImpl::RunTask'

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds by the clock, and of them on the processor. */
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/**
 * Does something in the page and answers its long tasks meanwhile. Only one at a time, as a browser has one trace. Throws
 * where the trace shows no task at all, which would pass for none that is long.
 */
export async function longTasksDuring(
  browser: Browser,
  page: Page,
  work: () => Promise<unknown>,
): Promise<readonly LongTask[]> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  let trace: Buffer
  try {
    await work()
  } finally {
    trace = await browser.stopTracing()
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] }
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`
  const pages = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  )
  const tasks = traceEvents.filter((event) => event.name === TASK && pages.has(threadOf(event)))
  if (tasks.length === 0) throw new Error(`This browser's trace holds no ${TASK} of the page's thread.`)
  return tasks
    .map(({ dur = 0, tdur = dur }) => ({ durationMs: dur / 1000, cpuMs: tdur / 1000 }))
    .filter(({ durationMs }) => durationMs >= LONG_MS)
}

/** Those that are long by what the page computed. */
export const ownTasks = (tasks: readonly LongTask[]): readonly LongTask[] =>
  tasks.filter(({ cpuMs }) => cpuMs >= LONG_MS)

/** How many and how long, in words. */
export function tasksInWords(tasks: readonly LongTask[]): string {
  if (tasks.length === 0) return 'none'
  const longest = tasks
    .toSorted((a, b) => b.cpuMs - a.cpuMs)
    .map(({ durationMs, cpuMs }) => `${Math.round(durationMs)} (${Math.round(cpuMs)} computing)`)
  const shown = longest.slice(0, 6).join(', ')
  return `${tasks.length}, of ${shown}${longest.length > 6 ? ' and fewer' : ''} ms`
}
