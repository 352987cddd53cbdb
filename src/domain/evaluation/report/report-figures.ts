/** The parts of a report's page that say how good the answers are. */
import { html, type Html } from '../../html'
import { formatBytes, formatCount, formatMilliseconds, formatPercent, formatShare } from '../../number-words'
import type { BootstrapIntervals } from '../bootstrap-metrics'
import type { PairOfSides } from '../compare-answers'
import {
  correlationWords,
  percentInterval,
  pointsInterval,
  pointsWords,
  shareInterval,
} from '../figure-words'
import type { Metrics } from '../metrics'
import { publishedFigures } from '../published'
import type { Report, ReportSide } from './report'

/** Two sides on the texts that both answered. */
export interface ReportPair {
  readonly first: string
  readonly second: string
  readonly pair: PairOfSides
}

type ShownFigures = Metrics & { readonly intervals?: BootstrapIntervals }

function figureCells(figures: ShownFigures | null): readonly Html[] {
  if (!figures) return Array.from({ length: 5 }, () => html`<td class="number"></td>`)
  const { intervals } = figures
  return [
    html`<td class="number">
      <b>${formatPercent(figures.accuracy)}</b>
      <small>${intervals && percentInterval(figures.accuracyInterval)}</small>
    </td>`,
    html`<td class="number">
      <b>${formatShare(figures.macroF1)}</b> <small>${shareInterval(intervals?.macroF1)}</small>
    </td>`,
    html`<td class="number">${formatShare(figures.weightedF1)}</td>`,
    html`<td class="number">${correlationWords(figures.mcc)}</td>`,
    html`<td class="number">${formatCount(figures.n)}</td>`,
  ]
}

function sideRow({ number, name, setup, answered, figures }: ReportSide, hasHeaps: boolean): Html {
  const bytes = setup?.weightsBytes
  return html`<tr>
    <th scope="row">${number} <b>${name}</b></th>
    ${figureCells(figures)}
    <td class="number">${formatCount(answered)}</td>
    <td class="number">${bytes === undefined ? 'not known' : formatBytes(bytes)}</td>
    <td class="number">
      ${setup && answered > 0 ? formatMilliseconds(setup.elapsedMs / answered) : 'not known'}
    </td>
    ${
      hasHeaps
        ? html`<td class="number">
            ${setup?.heapBytes === undefined ? 'not measured' : formatBytes(setup.heapBytes)}
          </td>`
        : undefined
    }
  </tr> `
}

const HEADS = ['Accuracy', 'Macro-F1', 'Weighted F1', 'MCC', 'n', 'Answers', 'Weights', 'ms per text']

const hasHeap = ({ setup }: ReportSide): boolean => setup?.heapBytes !== undefined

const MEMORY_WORDS =
  'Memory is the heap of ONNX Runtime in WASM after it alone had loaded the set-up and answered its longest texts. It grows by a fifth at a time; what the page itself keeps, such as the table of embeddings, is not in it.'

/** All sides with their figures, and what always answering the most frequent label comes to. */
export function sidesTable({ sides, majority, resampling }: Report): Html {
  const hasHeaps = sides.some(hasHeap)
  const heads = hasHeaps ? [...HEADS, 'Memory'] : HEADS
  return html`<h2>Set-ups</h2>
    <div class="scroll" role="region" aria-label="Set-ups" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Set-up</th>
            ${heads.map((head) => html`<th scope="col" class="number">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${sides.map((side) => sideRow(side, hasHeaps))}${
            majority
              ? html`<tr class="baseline">
                  <th scope="row">
                    always “${majority.majority.labelId}”: the most frequent gold label for every text
                  </th>
                  ${figureCells(majority)}
                  <td colspan="${hasHeaps ? 4 : 3}"></td>
                </tr> `
              : undefined
          }
        </tbody>
      </table>
    </div>
    <p class="small soft">
      n counts the texts that were answered and have a gold label. Intervals hold the true figure in 95 % of
      such samples: Wilson’s for accuracy, percentiles of ${formatCount(resampling.resamples)} bootstrap
      resamples (seed ${resampling.seed}) for macro-F1. Weights are as they are stored, in whatever numbers
      they are computed; time is that of the device below, with whatever else it did.
      ${hasHeaps ? MEMORY_WORDS : undefined}
    </p>
    ${majority ? undefined : html`<p>No text has a gold label, so nobody can say who is right.</p>`} `
}

/** Whether one is better than another, in words. */
export const pairsTable = (pairs: readonly ReportPair[]): Html =>
  html`<h2>Is one better?</h2>
    <div class="scroll" role="region" aria-label="Is one better?" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">First</th>
            <th scope="col">Second</th>
            <th scope="col">Verdict</th>
            <th scope="col" class="number">Accuracy, points</th>
            <th scope="col" class="number">Macro-F1, points</th>
            <th scope="col" class="number">Only first right</th>
            <th scope="col" class="number">Only second right</th>
          </tr>
        </thead>
        <tbody>
          ${pairs.map(({ first, second, pair }) => pairRow(first, second, pair))}
        </tbody>
      </table>
    </div>
    <p class="small soft">
      McNemar’s exact test at the 5 % level; each verdict stands for itself, so of twenty comparisons without
      any difference one would show one all the same. Points are second less first, with 95 % intervals of the
      paired bootstrap.
    </p> `

const pairRow = (first: string, second: string, pair: PairOfSides): Html =>
  html`<tr>
    <th scope="row">${first}</th>
    <td class="words">${second}</td>
    <td class="words verdict ${pair.verdict.isShown ? 'shown' : ''}">${pair.verdict.sentence}</td>
    ${
      pair.counts.n > 0
        ? html`<td class="number">
              ${pointsWords(pair.accuracy)} <small>${pointsInterval(pair.accuracyInterval)}</small>
            </td>
            <td class="number">
              ${pointsWords(pair.macroF1)} <small>${pointsInterval(pair.macroF1Interval)}</small>
            </td>
            <td class="number">${formatCount(pair.counts.onlyFirst)}</td>
            <td class="number">${formatCount(pair.counts.onlySecond)}</td>`
        : html`<td colspan="4"></td>`
    }
  </tr> `

/** Where a side goes wrong: its figures by label, and gold labels against answers. */
export const byLabel = (metrics: Metrics, labels: readonly string[], name: string): Html =>
  html`<h4>By label</h4>
    <div class="scroll" role="region" aria-label="By label: ${name}" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Label</th>
            <th scope="col" class="number">Precision</th>
            <th scope="col" class="number">Recall</th>
            <th scope="col" class="number">F1</th>
            <th scope="col" class="number">Texts</th>
          </tr>
        </thead>
        <tbody>
          ${metrics.perClass.map(
            ({ labelId, precision, recall, f1, support }) =>
              html`<tr>
                <th scope="row">${labelId}</th>
                ${[precision, recall, f1].map((share) => html`<td class="number">${formatShare(share)}</td>`)}
                <td class="number">${formatCount(support)}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    <h4>Confusion matrix</h4>
    <div class="scroll" role="region" aria-label="Confusion matrix: ${name}" tabindex="0">
      <table class="matrix">
        <caption>
          Rows: gold labels. Columns: answers.
        </caption>
        <thead>
          <tr>
            <td></td>
            ${labels.map((label) => html`<th scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${matrixRows(metrics.confusion, labels)}
        </tbody>
      </table>
    </div> `

function matrixRows(confusion: Metrics['confusion'], labels: readonly string[]): readonly Html[] {
  const most = Math.max(1, ...confusion.flat())
  const shade = (count: number, isHit: boolean) =>
    count === 0 ? '' : ` ${isHit ? 'hit' : 'miss'}-${Math.max(1, Math.round((count / most) * 10))}`
  return confusion.map(
    (counts, row) =>
      html`<tr>
        <th scope="row">${labels[row]}</th>
        ${counts.map(
          (count, column) =>
            html`<td class="number${shade(count, row === column)}">${formatCount(count)}</td>`,
        )}
      </tr> `,
  )
}

/** What others published of the data set that the texts look like; undefined where nothing is known. */
export function publishedPart({ texts: { dataset } }: Report): Html | undefined {
  const published = dataset && publishedFigures(dataset.id)
  if (!published) return undefined
  const { source, split, n, caution, figures } = published
  return html`<section class="published">
    <h2>Published figures for ${dataset.name}, not measured here</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">System</th>
          <th scope="col" class="number">Accuracy</th>
          <th scope="col" class="number">Macro-F1</th>
        </tr>
      </thead>
      <tbody>
        ${figures.map(
          ({ system, accuracy, macroF1, note }) =>
            html`<tr>
              <th scope="row">${system}${note === undefined ? undefined : ` (${note})`}</th>
              <td class="number">${formatPercent(accuracy)}</td>
              <td class="number">${macroF1 === undefined ? 'not given' : formatShare(macroF1)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
    <p class="small">
      Source: ${source}; split: ${split}, ${formatCount(n)} texts.
      ${caution ?? 'They compare with what is above only where the texts are all of that split.'}
    </p>
  </section> `
}
