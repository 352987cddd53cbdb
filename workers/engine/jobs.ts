import type { EngineOutcome, JobId } from '../../src/engine/contract'
import { EngineFailure, toOutcome } from './engine-failure'
import { nextTask } from '../threads/next-task'

/** A turn of the event loop costs part of a millisecond, so a job takes one only after so long a time. */
const turnMs = 10

/** What a job gets from its surroundings. */
export interface JobContext {
  /** To be awaited wherever the job can stop, several times a second: throws EngineFailure `cancelled` once it is to. */
  readonly checkpoint: () => Promise<void>
  /** Aborted when the job is cancelled, for what can be interrupted in between. */
  readonly signal: AbortSignal
  /** Milliseconds from any fixed point. */
  readonly now: () => number
}

/** Running jobs by their ids. Jobs share the thread and take turns at their checkpoints. */
export class Jobs {
  private readonly running = new Map<JobId, AbortController>()

  constructor(private readonly now: () => number) {}

  /** Runs a job under its id until it ends, fails or is cancelled. */
  async run<T>(job: JobId, work: (context: JobContext) => Promise<T>): Promise<EngineOutcome<T>> {
    if (this.running.has(job)) throw new Error(`Job ${job} is running already`)
    const controller = new AbortController()
    const { signal } = controller
    this.running.set(job, controller)
    let lastTurn = this.now()
    const checkpoint = async () => {
      if (this.now() - lastTurn >= turnMs) {
        await nextTask()
        lastTurn = this.now()
      }
      if (signal.aborted) throw new EngineFailure('cancelled', 'Stopped as asked.')
    }
    try {
      return await toOutcome(() => work({ checkpoint, signal, now: this.now }))
    } finally {
      this.running.delete(job)
    }
  }

  cancel(job: JobId): void {
    this.running.get(job)?.abort()
  }
}
