import { ModelFormatError } from '../formats/format-error'
import { RuntimeError } from '../runtime/runtime-error'
import { failure, success } from '../../src/domain/outcome'
import type { EngineError, EngineErrorCode, EngineOutcome } from '../../src/engine/contract'

/** An expected failure on its way to the page. */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure'

  constructor(
    readonly code: EngineErrorCode,
    message: string,
  ) {
    super(message)
  }
}

/** Turns expected failures into values; anything else is a bug and goes on being thrown. */
export async function toOutcome<T>(work: () => Promise<T>): Promise<EngineOutcome<T>> {
  try {
    return success(await work())
  } catch (error) {
    const expected = expectedError(error)
    if (expected) return failure(expected)
    throw error
  }
}

/** What the page is told of an expected failure; undefined for a bug. */
export function expectedError(error: unknown): EngineError | undefined {
  if (error instanceof EngineFailure) return { code: error.code, message: error.message }
  if (error instanceof ModelFormatError) return { code: 'invalid-model', message: error.message }
  if (error instanceof RuntimeError && error.lost !== undefined)
    return { code: 'backend-lost', message: error.lost }
  if (error instanceof RuntimeError)
    return error.isOutOfMemory
      ? { code: 'out-of-memory', message: `The device ran out of memory for this model. ${error.message}` }
      : { code: 'runtime', message: error.message }
  return undefined
}
