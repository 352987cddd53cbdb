import type { Asked } from '../../src/domain/asked'
import type { JobId } from '../../src/engine/contract'

/** Texts that arrived before the jobs that are to classify them. */
export class HandedOver {
  private readonly waiting = new Map<JobId, Asked[]>()

  add(job: JobId, texts: readonly Asked[]): void {
    const before = this.waiting.get(job) ?? []
    for (const text of texts) before.push(text)
    this.waiting.set(job, before)
  }

  /** All texts of a job, `last` at their end; they wait no longer. */
  take(job: JobId, last: readonly Asked[]): readonly Asked[] {
    const before = this.waiting.get(job)
    this.waiting.delete(job)
    return before ? before.concat(last) : last
  }
}
