import { readStoredRun } from '../../storage/results-record'
import { within, type Workspace } from '../../storage/workspace'
import { RunMemory } from '../run-memory'
import { shownAgain } from '../run-results'
import { Run, type RunSurroundings } from '../run.svelte'
import type { LabellingSurroundings } from './labelling-surroundings'
import { Labelling } from './labelling.svelte'

/** Set-ups whose answers are kept beside each other; another one takes the place of one that was not asked last. */
const RUNS = 3

export interface LabellingParts extends Omit<LabellingSurroundings, 'suggestions'> {
  readonly suggestions: Omit<LabellingSurroundings['suggestions'], 'readRuns'>
  readonly run: Omit<RunSurroundings, 'memory'>
}

/** The labelling of the project whose records `workspace` holds. */
export function composeLabelling({ run, ...parts }: LabellingParts): Labelling {
  const { workspace, suggestions } = parts
  const readRuns = () => Promise.all(Array.from({ length: RUNS }, (_, slot) => readRun(workspace, slot, run)))
  return new Labelling({ ...parts, suggestions: { ...suggestions, readRuns } })
}

async function readRun(workspace: Workspace, slot: number, around: LabellingParts['run']): Promise<Run> {
  const own = within(workspace, `label/run/${slot}/`)
  const stored = await readStoredRun(own)
  const memory = new RunMemory(own, stored)
  return new Run({ ...around, memory }, stored.value && shownAgain(stored.value))
}
