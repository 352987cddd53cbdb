/** A comparison as files that leave the page. */
import { answersCsv } from '../../domain/evaluation/answers-csv'
import { pairOfSides } from '../../domain/evaluation/compare-answers'
import type { Report } from '../../domain/evaluation/report/report'
import type { ReportPair } from '../../domain/evaluation/report/report-figures'
import { reportPage } from '../../domain/evaluation/report/report-page'
import { REPORT_STYLE } from '../../domain/evaluation/report/report-style'
import type { ReportCurve } from '../../domain/evaluation/report/report-shots'
import type { CsvForm } from '../../domain/export-csv'
import { REPORT_FORMAT, REPORT_VERSION } from '../../storage/report-record'
import { inTurns, type Turns } from '../turns'
import { sha256InBase64 } from './fingerprint'
import { RESAMPLING_SEED, type Results } from './results.svelte'
import { shotCurves } from './shot-curves'

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

/** What was asked of whom, in which way and with which figures, to be read again by this page. */
export const figuresFile = (report: Report): Blob =>
  new Blob([JSON.stringify({ format: REPORT_FORMAT, version: REPORT_VERSION, ...report }, null, 2)], {
    type: 'application/json',
  })

/** The same as a page for people, with a verdict on every two. */
export async function pageFile(report: Report, results: Results, turns: Turns): Promise<Blob> {
  const { labels, gold, sides } = results
  const pairs: ReportPair[] = []
  const compare = function* () {
    for (const [place, second] of sides.entries())
      for (const first of sides.slice(0, place)) {
        const pair = pairOfSides(labels.length, gold, first, second, RESAMPLING_SEED)
        pairs.push({ first: first.name, second: second.name, pair })
        yield
      }
  }
  if (results.hasGold) await inTurns(compare(), turns)
  const pieces = reportPage(report, pairs, reportCurves(report, results), await sha256InBase64(REPORT_STYLE))
  return new Blob([...pieces], { type: 'text/html' })
}

function reportCurves(report: Report, results: Results): readonly ReportCurve[] {
  const nameOf = (model: string): string =>
    report.sides.find(({ setup }) => setup?.choice.model === model)?.setup?.modelName ?? model
  return shotCurves(results.sides, results.gold, nameOf).flatMap(({ name, number, points, verdict }) => {
    const known = points.flatMap(({ k, seed, side }) => {
      const figures = results.figuresOf(side)
      return figures ? [{ k, seed, accuracy: figures.accuracy, interval: figures.accuracyInterval }] : []
    })
    return known.length > 0 ? [{ name, number, points: known, verdict }] : []
  })
}
