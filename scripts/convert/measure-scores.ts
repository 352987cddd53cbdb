import { basename, dirname, resolve } from 'node:path'
import type { NumberFormat } from '../../src/engine/contract'
import type { TestScore } from '../../workers/formats/test-scores'
import { evaluate } from '../eval/evaluate'
import { readOptions } from '../eval/options'
import { createNodeEngine } from '../node/node-engine'

/** Accuracy and macro-F1 of a pack in some number formats, for the base and each adapter, on labelled files. */
export async function measureScores(
  packFolder: string,
  formats: readonly NumberFormat[],
  adapters: readonly string[],
  files: readonly string[],
): Promise<readonly TestScore[]> {
  const path = resolve(packFolder)
  const engine = createNodeEngine(dirname(path), 2)
  const scores: TestScore[] = []
  for (const numberFormat of formats)
    for (const adapter of [undefined, ...adapters])
      for (const data of files) {
        const mode = adapter === undefined ? ['zero-shot'] : ['fine-tuned', '--adapter', adapter]
        const asked = ['--data', data, '--model', basename(path), '--format', numberFormat, '--mode', ...mode]
        const { run, metrics } = await evaluate(engine, readOptions(asked), () => undefined)
        const { accuracy, macroF1, n } = metrics
        scores.push({ numberFormat, weights: run.weights, data: basename(data), texts: n, accuracy, macroF1 })
      }
  return scores
}
