import type { StoredModelId, StoreProgress } from '../../src/store/contract'

const REPORT_MS = 200
/** The rate is that of the last seconds: a line that slows down is seen, one that stutters is not. */
const WINDOW_MS = 5_000

/** Counts the bytes of one piece of work and reports them a few times a second. */
export class Meter {
  private readonly samples: { readonly time: number; readonly bytes: number }[] = []
  private reportedAt = -Infinity
  private reporting: Promise<void> | undefined
  private said: string | undefined

  constructor(
    private readonly model: StoredModelId,
    private doneBytes: number,
    private readonly totalBytes: number,
    private readonly now: () => number,
    private readonly report: (progress: StoreProgress) => void | Promise<void>,
  ) {
    this.send()
  }

  add(count: number): void {
    this.doneBytes += count
    if (count > 0) this.said = undefined
    if (this.now() - this.reportedAt >= REPORT_MS) this.send()
  }

  trouble(reason: string): void {
    this.said = reason
    this.send()
  }

  /** Reports the last state; resolves when it was taken. */
  async end(): Promise<void> {
    await this.reporting
    this.send()
    await this.reporting
  }

  private send(): void {
    const time = this.now()
    this.reportedAt = time
    this.samples.push({ time, bytes: this.doneBytes })
    while (this.samples.length > 2 && time - this.samples[0]!.time > WINDOW_MS) this.samples.shift()
    // One at a time: a page that is slow to take them gets fewer.
    this.reporting ??= Promise.resolve(this.report(this.progress(time))).finally(() => {
      this.reporting = undefined
    })
  }

  private progress(time: number): StoreProgress {
    const { model, totalBytes, said } = this
    const doneBytes = Math.max(0, Math.min(this.doneBytes, totalBytes))
    const first = this.samples[0]!
    const bytesPerSecond = ((this.doneBytes - first.bytes) / (time - first.time)) * 1_000
    return {
      model,
      doneBytes,
      totalBytes,
      // Not a number where no time has passed.
      ...(bytesPerSecond > 0 &&
        Number.isFinite(bytesPerSecond) && {
          bytesPerSecond,
          secondsLeft: (totalBytes - doneBytes) / bytesPerSecond,
        }),
      ...(said !== undefined && { trouble: said }),
    }
  }
}
