/** What was reported of a set-up beside what it comes to here, and whether it was asked the same. */
import { taskChanges } from '../../domain/project-task'
import type { RunPart } from '../../domain/run-parts'
import type { ReportedSetup } from '../../storage/report-record'
import type { RunResults } from '../run-results'

/** What is other here than it was there, and what cannot be told, both as words. */
export interface Sameness {
  readonly differing: readonly string[]
  readonly unknown: readonly string[]
}

/** `poolSha256` is that of the demonstrations used here; undefined while it is not known. */
export function samenessOf(
  reported: ReportedSetup,
  { setup, parts }: RunResults,
  poolSha256: string | undefined,
): Sameness {
  const differing: string[] = []
  const unknown: string[] = []
  const isKShot = setup.mode.kind === 'k-shot'
  if (reported.mode.kind !== setup.mode.kind) differing.push('mode')
  differing.push(...taskChanges(reported.task, setup.task, isKShot))
  const among = (of: readonly Pick<RunPart, Fact>[], fact: Fact) =>
    JSON.stringify([...new Set(of.map((part) => part[fact]))].sort())
  const hashes = [...reported.parts, ...parts].map(({ weightsSha256 }) => weightsSha256)
  if (hashes.includes('')) unknown.push('weights')
  else if (among(reported.parts, 'weightsSha256') !== among(parts, 'weightsSha256')) differing.push('weights')
  if (isKShot && reported.mode.kind === 'k-shot') {
    if (poolSha256 === undefined) unknown.push('demonstrations')
    else if (reported.mode.demonstrations.sha256 !== poolSha256) differing.push('demonstrations')
  }
  if (among(reported.parts, 'numberFormat') !== among(parts, 'numberFormat')) differing.push('number format')
  if (among(reported.parts, 'backend') !== among(parts, 'backend')) differing.push('backend')
  return { differing, unknown }
}

type Fact = 'weightsSha256' | 'numberFormat' | 'backend'
