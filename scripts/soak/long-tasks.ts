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
  /** What took the longest in it, as Chromium calls it, e.g. `MajorGC`; undefined where it does not say. */
  readonly chiefly: string | undefined
}

export const LONG_MS = 50

/** How Chromium calls a task in a trace; another version may call it otherwise. */
const TASK = 'ThreadControllerImpl::RunTask'
/** Parts of a task that are the task itself. */
const WRAPPERS = new Set(['RunTask', 'ThreadPool_RunTask', 'SimpleWatcher::OnHandleReady'])

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds since some beginning. */
  readonly ts: number
  /** Microseconds by the clock, and of them on the processor. */
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/**
 * Does something in the page and answers its long tasks meanwhile. Only one at a time, as a browser has one trace. Throws
 * where the trace shows no task at all, which would pass for none that is long. What a task was busy with is known where
 * `isDetailed`, which makes everything somewhat slower.
 */
export async function longTasksDuring(
  browser: Browser,
  page: Page,
  work: () => Promise<unknown>,
  isDetailed = false,
): Promise<readonly LongTask[]> {
  await browser.startTracing(page, {
    categories: ['toplevel', '__metadata', ...(isDetailed ? ['devtools.timeline'] : [])],
  })
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
  const parts = traceEvents.filter(({ name }) => name !== TASK && !WRAPPERS.has(name))
  return tasks
    .filter(({ dur = 0 }) => dur / 1000 >= LONG_MS)
    .map((task) => {
      const { dur = 0, tdur = dur } = task
      return { durationMs: dur / 1000, cpuMs: tdur / 1000, chiefly: chiefPart(task, parts) }
    })
}

/** The longest single thing in a task, with its share of the processor's time. */
function chiefPart(task: TraceEvent, parts: readonly TraceEvent[]): string | undefined {
  const end = task.ts + (task.dur ?? 0)
  const own = parts
    .filter(
      ({ pid, tid, ts, dur = 0 }) => pid === task.pid && tid === task.tid && ts >= task.ts && ts + dur <= end,
    )
    .toSorted((a, b) => (b.tdur ?? b.dur ?? 0) - (a.tdur ?? a.dur ?? 0))
  const [longest] = own
  return longest && `${longest.name} ${Math.round((longest.tdur ?? longest.dur ?? 0) / 1000)}`
}

/** Those that are long by what the page computed. */
export const ownTasks = (tasks: readonly LongTask[]): readonly LongTask[] =>
  tasks.filter(({ cpuMs }) => cpuMs >= LONG_MS)

/** How many and how long, in words. */
export function tasksInWords(tasks: readonly LongTask[]): string {
  if (tasks.length === 0) return 'none'
  const longest = tasks
    .toSorted((a, b) => b.cpuMs - a.cpuMs)
    .map(
      ({ durationMs, cpuMs, chiefly }) =>
        `${Math.round(durationMs)} (${Math.round(cpuMs)} computing${chiefly === undefined ? '' : `, ${chiefly}`})`,
    )
  const shown = longest.slice(0, 6).join(', ')
  return `${tasks.length}, of ${shown}${longest.length > 6 ? ' and fewer' : ''} ms`
}
