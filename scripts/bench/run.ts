/** All measurements of the benchmark in their order, one browser and one site for those that compare. */
import { join } from 'node:path'
import { buildStale } from '../setup/build.mjs'
import { root } from '../setup/process.mjs'
import type { Figure } from './figure'
import { measureFirstPrediction } from './measure/first-prediction'
import { measureKShot } from './measure/k-shot'
import { measureLoad } from './measure/load'
import { measureMemory } from './measure/memory'
import { measureRoads } from './measure/roads'
import { measureSpeed } from './measure/speed'
import { measureWebGpu } from './measure/webgpu'
import type { BenchOptions, Section } from './options'
import type { Site } from './site'
import { subjectsOf, type Bench, type Subject } from './subject'

/** The model of random weights. */
export const flan = 'flan-t5-small-shapes'
/** Of the texts: shots and random weights cost several times as much each. */
const shorter = (texts: readonly string[]) => texts.slice(0, Math.max(8, Math.round(texts.length / 8)))

/** Runs the sections asked for. @param roads each model in every way that it can be published */
export async function runBench(
  bench: Bench,
  site: Site,
  options: BenchOptions,
  roads: readonly (readonly Subject[])[],
): Promise<Figure[]> {
  const figures: Figure[] = []
  const wants = (section: Section) => options.only.has(section)
  const subjects = subjectsOf(options.models, site)
  const int8 = subjects.filter(({ numberFormat }) => numberFormat === 'int8')
  if (wants('first')) {
    bench.say('the page: first prediction')
    await buildStale()
    figures.push(...(await measureFirstPrediction(join(root, 'dist'), options.repeats)))
  }
  if (wants('speed')) for (const subject of subjects) figures.push(...(await measureSpeed(bench, subject)))
  const short = { ...bench, texts: shorter(bench.texts) }
  if (wants('k-shot')) for (const subject of int8) figures.push(...(await measureKShot(short, subject)))
  if (wants('load')) for (const subject of int8) figures.push(...(await measureLoad(bench, subject)))
  if (wants('memory')) for (const subject of subjects) figures.push(...(await measureMemory(bench, subject)))
  for (const ofModel of roads) figures.push(...(await measureRoads(bench, ofModel)))
  if (wants('webgpu')) figures.push(...(await measureWebGpu(bench, int8[0])))
  if (wants('flan')) {
    for (const subject of flanSubjects()) {
      figures.push(...(await measureSpeed({ ...short, repeats: Math.min(3, options.repeats) }, subject)))
      figures.push(...(await measureMemory(short, subject, int8[0])))
    }
  }
  return figures
}

const flanSubjects = (): readonly Subject[] =>
  (['int8', 'fp32'] as const).map((numberFormat) => ({
    name: `${flan} ${numberFormat}`,
    model: `${flan}-${numberFormat}`,
    numberFormat,
    hasPeer: false,
  }))
