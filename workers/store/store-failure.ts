import { ModelFormatError } from '../formats/format-error'
import { failure, success } from '../../src/domain/outcome'
import type { StoreError, StoreErrorCode, StoreOutcome } from '../../src/store/contract'

/** An expected failure on its way to the verb that answers with it. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'

  constructor(
    readonly code: StoreErrorCode,
    message: string,
    readonly more: Pick<StoreError, 'retryAfterSeconds' | 'couldRemove'> = {},
  ) {
    super(message)
  }

  get asError(): StoreError {
    return { code: this.code, message: this.message, ...this.more }
  }
}

/** What aborts a job's signal: the answer that it is to give. */
export const stopped = {
  paused: new StoreFailure('paused', 'Paused; what arrived is kept.'),
  cancelled: new StoreFailure('cancelled', 'Stopped as asked.'),
} as const

/** Runs a verb's work; what fails as expected becomes a value, bugs go on. */
export async function toOutcome<T>(work: () => Promise<T>): Promise<StoreOutcome<T>> {
  try {
    return success(await work())
  } catch (error) {
    return failure(asExpected(error).asError)
  }
}

/** The expected failure behind an error. @throws the error itself where it is a bug */
export function asExpected(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) return error
  if (error instanceof ModelFormatError) return new StoreFailure('not-a-model', `${error.message}.`)
  if (error instanceof DOMException) {
    const refused = ofBrowser(error)
    if (refused) return refused
  }
  throw error
}

function ofBrowser({ name, message }: DOMException): StoreFailure | undefined {
  switch (name) {
    case 'QuotaExceededError':
      return new StoreFailure(
        'disk-full',
        'This browser has no room left for it. Remove a model that you need less, or make room on the disk.',
      )
    case 'NotReadableError':
    case 'NotFoundError':
      return new StoreFailure(
        'unreadable',
        'A file could not be read any more; it was moved, changed or removed. Pick it again.',
      )
    case 'InvalidStateError':
    case 'SecurityError':
    case 'UnknownError':
    case 'AbortError':
      return new StoreFailure(
        'unreadable',
        `The browser refuses to store files here (${message || name}); a private window may be why.`,
      )
    default:
      return undefined
  }
}
