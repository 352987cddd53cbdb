/** Accuracy by the number of demonstrations, as a picture and a table in a report's page. */
import { scaleLinear, scalePoint } from 'd3-scale'
import { html, type Html } from '../../html'
import { formatPercent } from '../../number-words'
import { percentInterval } from '../figure-words'
import { SHOT_ANSWERS, type ShotVerdict } from '../shots'
import type { Interval } from '../../statistics/interval'
import { at, BOTTOM, chartFigure, HEIGHT, LEFT, pointMark, RIGHT, TOP, WIDTH } from './chart-figure'

/** Set-ups that differ in nothing but their demonstrations. */
export interface ReportCurve {
  readonly name: string
  /** From 1. */
  readonly number: number
  readonly points: readonly {
    /** 0 for zero-shot. */
    readonly k: number
    readonly seed: number | undefined
    readonly accuracy: number
    readonly interval: Interval
  }[]
  readonly verdict: ShotVerdict
}

/** Curves of the same k stand beside each other by so much. */
const APART = 14

export function shotsPart(curves: readonly ReportCurve[]): Html {
  const points = curves.flatMap((curve) => curve.points)
  const ks = [...new Set(points.map(({ k }) => k))].sort((one, other) => one - other)
  const scale = scalePoint(ks, [LEFT, WIDTH - RIGHT]).padding(0.4)
  const lowest = Math.floor(Math.min(...points.map(({ interval }) => interval.low)) * 10) / 10
  const y = scaleLinear([lowest, 1], [HEIGHT - BOTTOM, TOP + 8])
  const xOf = (k: number, place: number): number =>
    (scale(k) ?? LEFT) + (place - (curves.length - 1) / 2) * APART
  const marks = curves.map((curve, place) => {
    const last = curve.points.at(-1)
    return html`<polyline class="curve" points="${line(curve, ks, place, xOf, y)}" />
      ${curve.points.map((point) => {
        const { k, accuracy, interval } = point
        const name = point === last ? `${curve.number}` : undefined
        return pointMark(xOf(k, place), y(accuracy), y(interval.low), y(interval.high), name)
      })} `
  })
  const title = 'Accuracy by the number of demonstrations'
  const ticks = ks.map((k) => ({ x: scale(k) ?? LEFT, words: k === 0 ? '0 (zero-shot)' : `${k}` }))
  return html`<h2>Do more shots help?</h2>
    <div class="charts">
      ${chartFigure(
        { title, elsewhere: 'the figures stand below', axis: 'demonstrations in the prompt (k)', ticks, y },
        html`${marks}`,
      )}
    </div>
    ${curves.map(verdictOf)}
    <div class="scroll" role="region" aria-label="${title}" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" class="number">k</th>
            <th scope="col" class="number">Seed</th>
            <th scope="col" class="number">Accuracy</th>
          </tr>
        </thead>
        <tbody>
          ${curves.map(rowsOf)}
        </tbody>
      </table>
    </div>
    <p class="small soft">
      Each verdict stands for itself at the 5 % level. The line goes through the mean of several seeds.
    </p> `
}

/** Through the mean of the seeds of each k. */
function line(
  { points }: ReportCurve,
  ks: readonly number[],
  place: number,
  xOf: (k: number, place: number) => number,
  y: (accuracy: number) => number,
): string {
  return ks
    .flatMap((k) => {
      const gains = points.filter((point) => point.k === k).map(({ accuracy }) => accuracy)
      const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
      return gains.length > 0 ? [`${at(xOf(k, place))},${at(y(mean))}`] : []
    })
    .join(' ')
}

const verdictOf = ({ number, name, verdict: { answer, sentences } }: ReportCurve): Html =>
  html`<p>
    ${number} <b>${name}</b>:
    ${answer ? `${SHOT_ANSWERS[answer]}. ${sentences.join(' ')}` : 'not compared with zero-shot.'}
  </p> `

const rowsOf = ({ name, points }: ReportCurve): readonly Html[] =>
  points.map(
    ({ k, seed, accuracy, interval }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td class="number">${k}</td>
        <td class="number">${seed}</td>
        <td class="number">${formatPercent(accuracy)} <small>${percentInterval(interval)}</small></td>
      </tr> `,
  )
