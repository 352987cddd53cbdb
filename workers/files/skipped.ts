import type { RowProblem, SkippedRows } from '../../src/files/contract'
import { placed } from './file-failure'
import { MAX_EXAMPLES } from './limits'
import type { RawProblem } from './raw-row'

/** Counts the rows that are left out and keeps the first for a look. */
export class Skipped {
  private count = 0
  private readonly examples: RowProblem[] = []

  constructor(
    private readonly file: string,
    private readonly countedIn: 'lines' | 'records',
  ) {}

  add(problems: readonly RawProblem[]): void {
    this.count += problems.length
    for (const { sentence, ...problem } of problems.slice(0, MAX_EXAMPLES - this.examples.length)) {
      const { row, column } = problem
      const place = column === undefined ? {} : { column }
      const message =
        this.countedIn === 'lines'
          ? placed(this.file, sentence, { line: row, ...place })
          : placed(`${this.file}, record ${row}`, sentence, place)
      this.examples.push({ ...problem, message })
    }
  }

  get rows(): SkippedRows {
    return { count: this.count, examples: this.examples }
  }
}

/** A row whose text is empty. */
export const noText = (row: number): RawProblem => ({ code: 'no-text', row, sentence: 'the text is empty.' })
