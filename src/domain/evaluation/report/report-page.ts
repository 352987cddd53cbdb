/** A comparison as a page of its own, which asks nobody for anything and runs no script. */
import { Html, html } from '../../html'
import { formatBytes, formatCount } from '../../number-words'
import { hasTrainedOn } from '../published'
import type { Report, ReportMode, ReportSetup, ReportSide } from './report'
import { chartsPart } from './report-chart'
import { byLabel, pairsTable, publishedPart, sidesTable, type ReportPair } from './report-figures'
import { shotsPart, type ReportCurve } from './report-shots'
import { REPORT_STYLE } from './report-style'

/**
 * The pieces of the page; `styleSha256` is the hash of {@link REPORT_STYLE} in base64. By its policy a browser applies that
 * style sheet and does nothing else that the page might be made to ask for.
 */
export function reportPage(
  report: Report,
  pairs: readonly ReportPair[],
  curves: readonly ReportCurve[],
  styleSha256: string,
): readonly string[] {
  const { texts, labels, sides } = report
  const title = `Comparison on ${texts.name}`
  const parts: readonly (Html | undefined)[] = [
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleSha256}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Smallcap</title>
<style>`,
    STYLE,
    html`</style>
</head>
<body>
<main>
<h1>${title}</h1>
`,
    dataPart(report),
    sidesTable(report),
    publishedPart(report),
    pairs.length > 0 ? pairsTable(pairs) : undefined,
    chartsPart(report),
    curves.length > 0 ? shotsPart(curves) : undefined,
    html`<h2>Each set-up</h2> `,
    ...sides.map(
      (side) =>
        html`<section>
          <h3>${side.number} ${side.name}</h3>
          ${settingsPart(side)}${side.figures && side.figures.n > 0 ? byLabel(side.figures, labels, side.name) : undefined}
        </section> `,
    ),
    pagePart(report),
    html`</main>
</body>
</html>
`,
  ]
  return parts.flatMap((part) => (part ? [part.toString()] : []))
}

/** What a style element holds is not escaped. */
const STYLE = new Html(REPORT_STYLE)

type Fact = readonly [name: string, value: string | number | undefined]

const facts = (all: readonly Fact[]): Html =>
  html`<dl>
    ${all.flatMap(([name, value]) =>
      value === undefined
        ? []
        : [
            html`<dt>${name}</dt>
              <dd>${value}</dd> `,
          ],
    )}
  </dl> `

function dataPart({ texts, gold, labels, sides, savedAt }: Report): Html {
  const { dataset, repeats } = texts
  const seen = dataset
    ? sides.filter(
        ({ setup }) => setup && hasTrainedOn(`${setup.choice.model} ${setup.modelName}`, dataset.id),
      )
    : []
  return html`${facts([
      ['Texts', `${formatCount(texts.count)}, ${formatCount(gold.count)} of them with a gold label`],
      ['Data set', dataset ? `looks like ${dataset.name} by its columns` : undefined],
      ['Labels', labels.join(', ')],
      ['Saved', savedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ])}${
      seen.length > 0
        ? html`<p>
            ${dataset?.name} is in Flan’s training mixture: ${seen.map(({ name }) => name).join(', ')} saw it
            in training, so this is no test of new texts.
          </p> `
        : undefined
    }${
      repeats && repeats.shown > 0
        ? html`<p>
            ${formatCount(repeats.shown)} of the texts are among the demonstrations of the k-shot set-ups,
            which can read the answer there.
          </p> `
        : undefined
    }${
      repeats && repeats.duplicates > 0
        ? html`<p>
            ${formatCount(repeats.duplicates)} of the texts repeat another one but for links and punctuation,
            and count as often as they are there.
          </p> `
        : undefined
    }
    <p class="soft">
      The texts are not in this file; who saved it can save them with everybody’s answers as CSV.
    </p> `
}

function modeWords(mode: ReportMode): string {
  if (mode.kind === 'fine-tuned') return `fine-tuned with ${mode.adapter}`
  if (mode.kind === 'as-trained') return 'as trained: a classifier with its own labels and no prompt'
  if (mode.kind === 'zero-shot') return 'zero-shot'
  const { k, policy, seed } = mode
  return `${k}-shot, demonstrations ${policy === 'similar' ? 'most similar' : `${policy}, seed ${seed}`}`
}

function settingsPart({ setup }: ReportSide): Html {
  if (!setup)
    return html`<p>Answers of another system, which came in a file: how they were made is not known.</p> `
  const { choice, modelName, task, mode, weightsBytes } = setup
  const isKShot = mode.kind === 'k-shot'
  const template: readonly Fact[] =
    mode.kind === 'as-trained'
      ? []
      : isKShot
        ? [
            ['Demonstration', task.kShot.demonstration],
            ['Template', task.kShot.query],
          ]
        : [['Template', task.template]]
  return facts([
    ['Model', modelName === choice.model ? modelName : `${modelName} (${choice.model})`],
    ['Weights', weightsBytes === undefined ? undefined : formatBytes(weightsBytes)],
    ['Mode', modeWords(mode)],
    ...template,
    ['Template of', choice.template === 'model' ? 'the model' : 'the project, where it has one'],
    ['Label words', task.labels.map(({ id, words }) => (id === words ? id : `${id}: ${words}`)).join(', ')],
    ['Demonstrations', isKShot ? `${formatCount(mode.demonstrations.count)} to pick from` : undefined],
    ['… SHA-256', isKShot ? mode.demonstrations.sha256 : undefined],
    ...computedBy(setup),
  ])
}

/** How the answers were computed; where that changed on the way, each way with its rows. */
function computedBy({ parts }: ReportSetup): readonly Fact[] {
  return parts.flatMap((part): readonly Fact[] => {
    const rows = parts.length > 1 ? `${formatCount(part.rows)} texts: ` : ''
    const device = part.device === undefined ? '' : ` on ${part.device}`
    const threads =
      part.backend === 'wasm' ? `, ${part.threads} ${part.threads === 1 ? 'thread' : 'threads'}` : ''
    return [
      ['Computed', `${rows}${part.numberFormat}, ${part.backend}${device}${threads}`],
      ['Batching', part.batching],
      ['Fallback', part.fallback],
      ['Weights’ SHA-256', part.weightsSha256 || 'not known'],
    ]
  })
}

const pagePart = ({ page, resampling, texts, gold }: Report): Html =>
  html`<h2>Made with</h2>
    ${facts([
      ['Smallcap', page.smallcap],
      ['ONNX Runtime', page.onnxRuntime],
      ['Browser', page.userAgent],
      ['Processors', page.processors],
      ['Resampling seed', resampling.seed],
      ['Texts’ SHA-256', texts.sha256],
      ['Gold labels’ SHA-256', gold.sha256],
    ])}
    <p class="small soft">
      The figures saved as JSON hold all of this and can be opened in Smallcap to run the set-ups again.
    </p> `
