import { FileFailure } from './file-failure'
import { MAX_RECORD_CHARACTERS } from './limits'

export interface TextLine {
  /** From 1. */
  readonly line: number
  readonly text: string
}

/** Cuts text that comes in pieces into its lines. */
export class LineSplitter {
  private line = 1
  private rest = ''

  /** The lines that `text` completes, empty ones included. Throws FileFailure `record-too-long`. */
  push(text: string, isLast: boolean): readonly TextLine[] {
    const parts = (this.rest + text).split('\n')
    this.rest = isLast ? '' : (parts.pop() ?? '')
    const lines = parts.map((part, index) => ({ line: this.line + index, text: part }))
    this.line += parts.length
    const long = lines.find((each) => each.text.length > MAX_RECORD_CHARACTERS)?.line
    const tooLong = long ?? (this.rest.length > MAX_RECORD_CHARACTERS ? this.line : undefined)
    if (tooLong === undefined) return lines
    throw new FileFailure(
      'record-too-long',
      `this line has more than ${MAX_RECORD_CHARACTERS.toLocaleString('en')} characters, which is no text to classify.`,
      { line: tooLong },
    )
  }
}
