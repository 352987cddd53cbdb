import { basename, dirname, resolve } from 'node:path'
import { topIndex } from '../../src/domain/margin'
import { createRandom, sample } from '../../src/domain/random'
import type { Mode } from '../../src/domain/task'
import type { ModelSummary, NumberFormat } from '../../src/engine/contract'
import type { FormatLoss, WeightsLoss } from '../../workers/formats/format-loss'
import { readDataset } from '../eval/read-dataset'
import { createNodeEngine } from '../node/node-engine'
import { ConversionError } from './conversion-error'

/** Enough for a share of equal labels to half a percent, few enough to wait for. */
const TEXTS = 500
const SEED = 13

/** Probabilities [text][label] under each set of weights. */
type Probabilities = ReadonlyMap<string, readonly (readonly number[])[]>

/**
 * What the pack in `packFolder` loses in some number formats against the original in fp32, for the base and each adapter, on
 * a sample of a labelled file's texts. The sample is the same for every model. Throws ConversionError when a model cannot be
 * run.
 */
export async function measureLoss(
  original: string,
  packFolder: string,
  formats: readonly NumberFormat[],
  file: string,
): Promise<FormatLoss> {
  const before = await run(original, 'fp32', file)
  const losses: WeightsLoss[] = []
  for (const numberFormat of formats) {
    const after = await run(packFolder, numberFormat, file)
    for (const [weights, expected] of before.probabilities)
      losses.push({ numberFormat, weights, ...compare(expected, after.probabilities.get(weights) ?? []) })
  }
  return { data: basename(file), texts: before.texts, losses }
}

async function run(
  folder: string,
  numberFormat: NumberFormat,
  file: string,
): Promise<{ readonly texts: number; readonly probabilities: Probabilities }> {
  const path = resolve(folder)
  const model = basename(path)
  const engine = createNodeEngine(dirname(path), 1)
  const loaded = await engine.load('load', { model, numberFormat }, () => undefined)
  if (!loaded.ok) throw new ConversionError(loaded.error.message)
  const { task } = loaded.value
  const { rows } = await readDataset(file, task.labels)
  const texts = sample(rows, TEXTS, createRandom(SEED)).map(({ text }) => text)
  const probabilities = new Map<string, (readonly number[])[]>()
  for (const [weights, mode] of modesOf(loaded.value)) {
    const found: (readonly number[])[] = []
    const done = await engine.classify('run', { model, task, mode, texts }, (results) => {
      for (const result of results) found.push(result.probabilities)
    })
    if (!done.ok) throw new ConversionError(done.error.message)
    probabilities.set(weights, found)
  }
  return { texts: texts.length, probabilities }
}

const modesOf = ({ adapters }: ModelSummary): readonly (readonly [string, Mode])[] => [
  ['base', { kind: 'zero-shot' }],
  ...adapters.map((adapter) => [adapter, { kind: 'fine-tuned', adapter }] as const),
]

function compare(
  expected: readonly (readonly number[])[],
  found: readonly (readonly number[])[],
): Omit<WeightsLoss, 'numberFormat' | 'weights'> {
  const differences = expected
    .flatMap((row, text) => row.map((p, label) => Math.abs(p - (found[text]?.[label] ?? NaN))))
    .sort((a, b) => a - b)
  const equal = expected.filter((row, text) => topIndex(row) === topIndex(found[text] ?? [])).length
  return {
    equalLabels: equal / expected.length,
    meanDifference: differences.reduce((sum, difference) => sum + difference, 0) / differences.length,
    p99Difference: differences[Math.floor(differences.length * 0.99)] ?? NaN,
  }
}
