import type {
  Fingerprint,
  Report,
  ReportMode,
  ReportSetup,
  ReportSide,
} from '../../domain/evaluation/report/report'
import { NO_ANSWER } from '../../domain/evaluation/compare-answers'
import { RESAMPLES } from '../../domain/statistics/resample'
import type { Demonstration, Mode } from '../../domain/task'
import type { SetupRecord } from '../../storage/compare-record'
import type { FileSource } from '../../storage/file-record'
import type { About } from '../device-check.svelte'
import type { RunResults } from '../run-results'
import type { Turns } from '../turns'
import type { Cautions } from './cautions.svelte'
import type { Comparison } from './comparison.svelte'
import { fingerprintOfGold, fingerprintOfPool, fingerprintOfTexts } from './fingerprint'
import { RESAMPLING_SEED, type Results } from './results.svelte'
import type { Setup } from './setup.svelte'

export interface ReportSurroundings {
  readonly about: About
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** What the texts in Classify are called: the file that they are from, or a few words. */
  readonly classified: () => Pick<FileSource, 'name' | 'dataset'>
}

/** What a report is made of. */
export interface Reportable {
  readonly comparison: Comparison
  readonly results: Results
  readonly cautions: Cautions
  readonly turns: Turns
}

/** What is compared now and what came of it, as it is saved: texts and demonstrations are counted and hashed, not told. */
export async function makeReport(
  { comparison, results, cautions, turns }: Reportable,
  { about, clock, classified }: ReportSurroundings,
): Promise<Report> {
  // Read at once: answers go on coming in while texts are hashed.
  const { lines, sides, labelIds, majority } = results
  const figures = sides.map((side) => results.figuresOf(side) ?? null)
  const asked = sides.map(({ setup }) => setup && askedOf(setup, comparison))
  const task = comparison.around.task() ?? null
  const repeats = cautions.repeats ?? null
  const { name, dataset } = comparison.source === 'labels' ? { name: 'texts labelled by hand' } : classified()
  const modes = await reportModes(
    asked.map((each) => each?.answers.setup.mode),
    turns,
  )
  return {
    savedAt: new Date(clock()).toISOString(),
    page: {
      smallcap: about.version,
      onnxRuntime: about.runtime,
      userAgent: about.userAgent,
      processors: about.processors,
    },
    texts: { ...(await fingerprintOfTexts(lines, turns)), name, dataset: dataset ?? null, repeats },
    gold: await fingerprintOfGold(lines, turns),
    labels: labelIds,
    task,
    resampling: { resamples: RESAMPLES, seed: RESAMPLING_SEED },
    majority: majority ?? null,
    sides: sides.map(({ number, name: sideName, answers }, place): ReportSide => {
      const mode = modes[place]
      const setup = asked[place]
      return {
        ...{ number, name: sideName },
        setup: mode && setup ? setupOf(setup, mode) : null,
        answered: answers.filter((answer) => answer !== NO_ANSWER).length,
        figures: figures[place] ?? null,
      }
    }),
  }
}

interface Asked {
  readonly record: SetupRecord
  readonly modelName: string
  readonly answers: RunResults
}

function askedOf({ record, answers }: Setup, comparison: Comparison): Asked | undefined {
  return answers && { record, answers, modelName: comparison.nameOf(record.model) }
}

/** Modes with the hash of their demonstrations, which many share. */
async function reportModes(
  modes: readonly (Mode | undefined)[],
  turns: Turns,
): Promise<readonly (ReportMode | undefined)[]> {
  const found: (ReportMode | undefined)[] = []
  const known = new Map<readonly Demonstration[], Fingerprint>()
  for (const mode of modes) {
    if (mode?.kind !== 'k-shot') {
      found.push(mode)
      continue
    }
    const { pool, ...rest } = mode
    const demonstrations = known.get(pool) ?? (await fingerprintOfPool(pool, turns))
    known.set(pool, demonstrations)
    found.push({ ...rest, demonstrations })
  }
  return found
}

function setupOf({ record, modelName, answers }: Asked, mode: ReportMode): ReportSetup {
  const { model, adapter, k, policy, seed, template, numberFormat, ran } = record
  return {
    choice: { model, mode: record.mode, adapter, k, policy, seed, template, numberFormat },
    modelName,
    task: answers.setup.task,
    mode,
    parts: answers.parts,
    ...(ran && { weightsBytes: ran.weightsBytes }),
    ...(ran?.heapBytes !== undefined && { heapBytes: ran.heapBytes }),
    elapsedMs: answers.summary.elapsedMs,
  }
}
