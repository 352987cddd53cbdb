import type { FileJobId, FileOutcome } from '../../src/files/contract'
import { FileFailure, toOutcome } from './file-failure'
import { nextTask } from '../threads/next-task'

/** To be awaited between pieces of work: lets messages in, and throws once the job is cancelled. */
export type Checkpoint = () => Promise<void>

/** Running jobs by their ids. */
export class Jobs {
  private readonly running = new Map<FileJobId, AbortController>()

  /** Runs a job under its id until it ends, fails or is cancelled; `file` names it in errors. */
  async run<T>(
    job: FileJobId,
    file: string,
    work: (checkpoint: Checkpoint) => Promise<T>,
  ): Promise<FileOutcome<T>> {
    if (this.running.has(job)) throw new Error(`Job ${job} is running already`)
    const controller = new AbortController()
    this.running.set(job, controller)
    const checkpoint = async () => {
      await nextTask()
      if (controller.signal.aborted) throw new FileFailure('cancelled', 'reading was stopped as asked.')
    }
    try {
      return await toOutcome(file, () => work(checkpoint))
    } finally {
      this.running.delete(job)
    }
  }

  cancel(job: FileJobId): void {
    this.running.get(job)?.abort()
  }
}
