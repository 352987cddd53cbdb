/** A comparison as files that leave the page. */
import { answersCsv } from '../../domain/evaluation/answers-csv'
import type { CsvForm } from '../../domain/export-csv'
import { inTurns, type Turns } from '../turns'
import { RESAMPLING_SEED, type Results } from './results.svelte'

/** So many characters are handed to the browser at a time. */
const PIECE_CHARACTERS = 65_536
const BYTE_ORDER_MARK = '\uFEFF'

/** Every text with everybody's answers, as a table. */
export async function answersFile(results: Results, form: CsvForm, turns: Turns): Promise<Blob> {
  const { lines, labelIds, gold, sides } = results
  const pieces: Blob[] = []
  let text = BYTE_ORDER_MARK
  const collect = function* () {
    for (const line of answersCsv(lines, labelIds, gold, sides, form)) {
      text += line
      if (text.length >= PIECE_CHARACTERS) {
        pieces.push(new Blob([text]))
        text = ''
      }
      yield
    }
  }
  await inTurns(collect(), turns)
  return new Blob([...pieces, text], { type: 'text/csv' })
}

/** What was asked of whom, in which way and with which figures, without the texts: demonstrations are counted, not told. */
export function figuresFile(results: Results): Blob {
  const sides = results.sides.map((side) => {
    const { name, setup } = side
    const answers = setup?.answers
    const mode = answers?.setup.mode
    return {
      name,
      ...(answers &&
        mode && {
          model: answers.setup.model,
          mode: mode.kind === 'k-shot' ? { ...mode, pool: mode.pool.length } : mode,
          task: answers.setup.task,
          run: answers.summary,
          parts: answers.parts,
          weightsBytes: setup.record.ran?.weightsBytes,
        }),
      figures: results.figuresOf(side) ?? null,
    }
  })
  const report = {
    format: 'smallcap-comparison',
    version: 1,
    texts: results.lines.length,
    labels: results.labelIds,
    resampling: { resamples: 1000, seed: RESAMPLING_SEED },
    majority: results.majority ?? null,
    sides,
  }
  return new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' })
}
