import type { StoreJobId, StoreOutcome } from '../../src/store/contract'
import { stopped, toOutcome } from './store-failure'

/** Running jobs by their ids. */
export class Jobs {
  private readonly running = new Map<StoreJobId, AbortController>()

  /** @param ready awaited before any job begins */
  constructor(private readonly ready?: Promise<void>) {}

  /** Runs a job under its id until it ends, fails or is cancelled. */
  async run<T>(job: StoreJobId, work: (signal: AbortSignal) => Promise<T>): Promise<StoreOutcome<T>> {
    if (this.running.has(job)) throw new Error(`Job ${job} is running already`)
    const controller = new AbortController()
    const { signal } = controller
    this.running.set(job, controller)
    try {
      return await toOutcome(async () => {
        try {
          await this.ready
          return await work(signal)
        } catch (error) {
          // Whatever the browser made of the reason on the way.
          throw signal.aborted ? stopped.cancelled : error
        }
      })
    } finally {
      this.running.delete(job)
    }
  }

  cancel(job: StoreJobId): void {
    this.running.get(job)?.abort(stopped.cancelled)
  }
}
