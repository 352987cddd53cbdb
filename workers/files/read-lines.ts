import { FPB_LINE } from '../../src/domain/known-datasets'
import type { TextPiece } from './decode-text'
import { LineSplitter } from './line-splitter'
import type { RawProblem, RawRow, RowBatch } from './raw-row'

/** One text per line; empty lines are passed over. */
export async function* readLines(pieces: AsyncIterable<TextPiece>): AsyncGenerator<RowBatch> {
  const splitter = new LineSplitter()
  for await (const { text, isLast } of pieces) {
    const lines = splitter.push(text, isLast).filter((line) => line.text.trim() !== '')
    yield { rows: lines.map((line) => ({ row: line.line, cells: [line.text.trim()] })), problems: [] }
  }
}

/** Lines of a sentence, an @ and a label. */
export async function* readLabelledLines(pieces: AsyncIterable<TextPiece>): AsyncGenerator<RowBatch> {
  const splitter = new LineSplitter()
  for await (const { text, isLast } of pieces) {
    const rows: RawRow[] = []
    const problems: RawProblem[] = []
    for (const { line, text: whole } of splitter.push(text, isLast)) {
      if (whole.trim() === '') continue
      const [, sentence, label] = FPB_LINE.exec(whole) ?? []
      if (sentence === undefined || label === undefined)
        problems.push({
          code: 'ragged',
          row: line,
          sentence: 'the line is not a sentence, an @ and a label.',
        })
      else rows.push({ row: line, cells: [sentence.trim(), label] })
    }
    yield { rows, problems }
  }
}
