import { failure, success } from '../../src/domain/outcome'
import type { FileError, FileErrorCode, FileOutcome } from '../../src/files/contract'

/** Where in a file something is; both count from 1. */
export interface Place {
  readonly line?: number
  readonly column?: number
}

/** An expected failure on its way to the page; the file's name is put before the sentence there. */
export class FileFailure extends Error {
  override readonly name = 'FileFailure'

  constructor(
    readonly code: FileErrorCode,
    message: string,
    readonly place: Place = {},
  ) {
    super(message)
  }
}

/** `my.csv, line 3, column 2: …`, as far as the place is known. */
export function placed(file: string, sentence: string, { line, column }: Place = {}): string {
  const parts = [file]
  if (line !== undefined) parts.push(`line ${line}`)
  if (column !== undefined) parts.push(`column ${column}`)
  return `${parts.join(', ')}: ${sentence}`
}

/** Turns expected failures into values; anything else is a bug and goes on being thrown. */
export async function toOutcome<T>(file: string, work: () => Promise<T>): Promise<FileOutcome<T>> {
  try {
    return success(await work())
  } catch (error) {
    const expected = expectedFailure(error)
    if (!expected) throw error
    const { code, message, place } = expected
    const said: FileError = { code, message: placed(file, message, place), file, ...place }
    return failure(said)
  }
}

/** Browsers refuse to read a file that was changed after it was picked. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof DOMException && ['NotReadableError', 'NotFoundError', 'SecurityError'].includes(error.name)

function expectedFailure(error: unknown): FileFailure | undefined {
  if (error instanceof FileFailure) return error
  if (isUnreadable(error))
    return new FileFailure(
      'unreadable',
      'the file was moved, changed or locked after it was picked; pick it again.',
    )
  return undefined
}
