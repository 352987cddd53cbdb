/** Accuracy against what it costs, as pictures in a report's page. */
import { scaleLinear, scaleLog } from 'd3-scale'
import { html, type Html } from '../../html'
import { formatBytes, formatMilliseconds } from '../../number-words'
import { paretoFront } from '../pareto'
import { at, BOTTOM, chartFigure, HEIGHT, LEFT, pointMark, RIGHT, TOP, WIDTH } from './chart-figure'
import type { Report, ReportSide } from './report'

interface Cost {
  readonly title: string
  readonly axis: string
  readonly of: (side: ReportSide) => number | undefined
  readonly words: (cost: number) => string
}

const COSTS: readonly Cost[] = [
  {
    title: 'Accuracy against the size of the weights',
    axis: 'size of the weights, logarithmic',
    of: ({ setup }) => setup?.weightsBytes,
    words: formatBytes,
  },
  {
    title: 'Accuracy against the time for a text',
    axis: 'milliseconds per text, logarithmic',
    of: ({ setup, answered }) => (setup ? setup.elapsedMs / answered : undefined),
    words: (ms) => `${formatMilliseconds(ms)} ms`,
  },
  {
    title: 'Accuracy against memory',
    axis: 'heap of ONNX Runtime, logarithmic',
    of: ({ setup }) => setup?.heapBytes,
    words: formatBytes,
  },
]

/** The charts of all costs that are known; undefined where no side has both figures and a cost. */
export function chartsPart(report: Report): Html | undefined {
  const charts = COSTS.flatMap((cost) => chart(report.sides, cost) ?? [])
  if (charts.length === 0) return undefined
  return html`<h2>What accuracy costs</h2>
    <div class="charts">${charts}</div>
    <p class="small soft">
      Points are numbered as the set-ups are, with 95 % intervals. The line joins those that no other beats in
      both.
    </p> `
}

function chart(sides: readonly ReportSide[], cost: Cost): Html | undefined {
  const points = sides.flatMap((side) => {
    const { number, figures } = side
    const paid = cost.of(side)
    return figures && paid !== undefined && paid > 0
      ? [{ number, cost: paid, gain: figures.accuracy, interval: figures.accuracyInterval }]
      : []
  })
  if (points.length === 0) return undefined
  const costs = points.map((point) => point.cost)
  const [least, most] = [Math.min(...costs), Math.max(...costs)]
  const lowest = Math.floor(Math.min(...points.map(({ interval }) => interval.low)) * 10) / 10
  const x = scaleLog([least / 1.3, most * 1.3], [LEFT, WIDTH - RIGHT])
  const y = scaleLinear([lowest, 1], [HEIGHT - BOTTOM, TOP + 8])
  const front = paretoFront(points).flatMap((place) => points[place] ?? [])
  const line = front.map((point) => `${at(x(point.cost))},${at(y(point.gain))}`).join(' ')
  const names = namesOf(points.map(({ number, cost: paid, gain }) => ({ number, x: x(paid), y: y(gain) })))
  const ticks = [...new Set([least, most])].map((value) => ({ x: x(value), words: cost.words(value) }))
  return chartFigure(
    { title: cost.title, elsewhere: 'the figures stand in the table of set-ups', axis: cost.axis, ticks, y },
    html`<polyline class="front" points="${line}" /> ${points.map(({ cost: paid, gain, interval }, place) =>
        pointMark(x(paid), y(gain), y(interval.low), y(interval.high), names[place]),
      )}`,
  )
}

interface Numbered {
  readonly number: number
  readonly x: number
  readonly y: number
}

/** The number beside each point; of points whose numbers would stand on each other the first has all, the others none. */
function namesOf(points: readonly Numbered[]): readonly (string | undefined)[] {
  const groups: Numbered[][] = []
  for (const point of points) {
    const near = groups.find(
      ([head]) => head && Math.abs(head.x - point.x) < 16 && Math.abs(head.y - point.y) < 12,
    )
    if (near) near.push(point)
    else groups.push([point])
  }
  return points.map((point) =>
    groups
      .find(([head]) => head === point)
      ?.map(({ number }) => number)
      .join(', '),
  )
}
