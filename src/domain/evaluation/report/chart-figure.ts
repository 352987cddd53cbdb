/** The frame of a chart in a report's page: title, axes and grid. */
import type { ScaleLinear } from 'd3-scale'
import { html, type Html } from '../../html'

export const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 320, 56, 32, 28, 44]

/** A length in the picture. */
export const at = (value: number): string => value.toFixed(1)

export interface ChartFrame {
  readonly title: string
  /** Where the figures stand, for who cannot see the picture. */
  readonly elsewhere: string
  readonly axis: string
  readonly ticks: readonly { readonly x: number; readonly words: string }[]
  /** Of accuracy. */
  readonly y: ScaleLinear<number, number>
}

export const chartFigure = ({ title, elsewhere, axis, ticks, y }: ChartFrame, marks: Html): Html =>
  html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}; ${elsewhere}">
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
      )}${ticks.map(
        ({ x, words }) =>
          html`<text x="${at(x)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${words}</text> `,
      )}
      <text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${axis}</text>
      <text x="${LEFT}" y="${TOP - 10}">accuracy, 95 % interval</text>
      ${marks}
    </svg>
  </figure> `

/** A point with its interval; a name beside it where it has one. */
export const pointMark = (x: number, y: number, low: number, high: number, name?: string): Html =>
  html`<line class="interval" x1="${at(x)}" x2="${at(x)}" y1="${at(low)}" y2="${at(high)}" />
    <circle cx="${at(x)}" cy="${at(y)}" r="5" />
    ${
      name === undefined
        ? undefined
        : html`<text class="name" x="${at(x + 9)}" y="${at(y - 7)}">${name}</text>`
    } `
