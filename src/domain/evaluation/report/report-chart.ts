/** Accuracy against what it costs, as pictures in a report's page. */
import { scaleLinear, scaleLog } from 'd3-scale'
import { html, type Html } from '../../html'
import { formatBytes, formatMilliseconds } from '../../number-words'
import { paretoFront } from '../pareto'
import type { Report, ReportSide } from './report'

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 320, 56, 32, 28, 44]

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
  const at = (value: number) => value.toFixed(1)
  const line = front.map((point) => `${at(x(point.cost))},${at(y(point.gain))}`).join(' ')
  return html`<figure>
    <figcaption>${cost.title}</figcaption>
    <svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="${cost.title}; the figures stand in the table of set-ups"
    >
      ${y.ticks(5).map(
        (value) =>
          html`<line
              class="grid"
              x1="${LEFT}"
              x2="${WIDTH - RIGHT}"
              y1="${at(y(value))}"
              y2="${at(y(value))}"
            />
            <text x="${LEFT - 8}" y="${at(y(value) + 4)}" text-anchor="end"
              >${Math.round(value * 100)} %</text
            > `,
      )}${[...new Set([least, most])].map(
        (value) =>
          html`<text x="${at(x(value))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle"
            >${cost.words(value)}</text
          > `,
      )}
      <text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${cost.axis}</text>
      <text x="${LEFT}" y="${TOP - 10}">accuracy, 95 % interval</text>
      <polyline class="front" points="${line}" />
      ${points.map(
        ({ number, cost: paid, gain, interval }) =>
          html`<line
              class="interval"
              x1="${at(x(paid))}"
              x2="${at(x(paid))}"
              y1="${at(y(interval.low))}"
              y2="${at(y(interval.high))}"
            />
            <circle cx="${at(x(paid))}" cy="${at(y(gain))}" r="5" />
            <text class="name" x="${at(x(paid) + 9)}" y="${at(y(gain) - 7)}">${number}</text> `,
      )}
    </svg>
  </figure> `
}
