import type { EngineOutcome, JobId } from '../../src/engine/contract'
import { EngineFailure, toOutcome } from './engine-failure'

/** Passed to the parts of a job, which call it wherever they can stop. */
export type Checkpoint = () => Promise<void>

/** Running jobs by their ids. Jobs share the thread and take turns at their checkpoints. */
export class Jobs {
  private readonly running = new Map<JobId, AbortController>()

  /** Runs a job under its id until it ends, fails or is cancelled. */
  async run<T>(job: JobId, work: (checkpoint: Checkpoint) => Promise<T>): Promise<EngineOutcome<T>> {
    if (this.running.has(job)) throw new Error(`Job ${job} is running already`)
    const controller = new AbortController()
    this.running.set(job, controller)
    const checkpoint: Checkpoint = async () => {
      await nextTask()
      if (controller.signal.aborted) throw new EngineFailure('cancelled', 'Stopped as asked.')
    }
    try {
      return await toOutcome(() => work(checkpoint))
    } finally {
      this.running.delete(job)
    }
  }

  cancel(job: JobId): void {
    this.running.get(job)?.abort()
  }
}

/**
 * Lets messages in: a loop that awaits only microtasks never hears `cancel`.
 * A message, because browsers hold a nested `setTimeout(0)` back by 4 ms.
 */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
