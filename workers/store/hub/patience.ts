import { Trouble, type Network } from './network'

const FIRST_WAIT_MS = 1_000

interface Limits {
  /** In a row. */
  readonly maxFailures: number
  /** A hub that wants to be left alone for longer is told of instead. */
  readonly maxWaitSeconds: number
}

/** For a download: with the waits between them, six failures take half a minute. */
export const patient: Limits = { maxFailures: 6, maxWaitSeconds: 60 }
/** For a question that a person waits for. */
export const brief: Limits = { maxFailures: 2, maxWaitSeconds: 0 }

/** How a hub is asked. */
export interface AskOptions {
  readonly network: Network
  readonly signal: AbortSignal
  /** How much of a file is asked for at once. */
  readonly chunkBytes: number
  /** Told of bytes that came; negative of those that have to come again. */
  readonly onBytes: (count: number) => void
  /** Told why an attempt is made again, as a sentence. */
  readonly onTrouble: (reason: string) => void
  readonly limits: Limits
}

/** How often something is attempted again, and after how long a wait. */
export class Patience {
  private failures = 0

  constructor(private readonly options: AskOptions) {}

  /** Failures up to now do not count any more. */
  gotFurther(): void {
    this.failures = 0
  }

  /** Waits until the next attempt after one that failed. @throws what it failed with, where there is to be no other */
  async after(error: unknown): Promise<void> {
    if (!(error instanceof Trouble)) throw error
    const { failure, waitSeconds = 0 } = error
    const { network, signal, onTrouble, limits } = this.options
    this.failures += 1
    if (this.failures >= limits.maxFailures || waitSeconds > limits.maxWaitSeconds) throw failure
    onTrouble(failure.message)
    await network.sleep(Math.max(waitSeconds * 1_000, FIRST_WAIT_MS * 2 ** (this.failures - 1)), signal)
  }
}
