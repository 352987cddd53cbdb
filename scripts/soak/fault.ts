import type { Page } from '@playwright/test'
import { createRandom, randomInteger, shuffle } from '../../src/domain/random'
import type { ExportedRow } from './exported'

/** What can happen to a run. */
export const FAULT_KINDS = [
  'worker killed',
  'page reloaded',
  'storage refused',
  'stopped',
  'paused',
  'worker killed twice',
  'network gone while the model loads',
  'model truncated while it loads',
  'model corrupted while it loads',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export interface Fault {
  readonly kind: FaultKind
  /** The fault comes once so many rows are shown; 0: at once, before the first. */
  readonly atRow: number
  /** What else is left to chance in this kind, at least 0 and below 1. */
  readonly chance: number
}

/** A run in a page of its own, under way when the fault comes. */
export interface Ordeal {
  readonly page: Page
  readonly fault: Fault
  /** The export of the same lines without a fault. */
  readonly undisturbed: readonly ExportedRow[]
}

/** What is told of a fault that found nothing to disturb: the last rows come in one piece. */
export const TOO_LATE = 'the run had ended before it'

/** The latest fault leaves some rows to go on with. */
const LATEST_SHARE = 0.8

/** `count` faults at random points, every kind as often as any other, give or take one. */
export function planFaults(count: number, rows: number, seed: number): readonly Fault[] {
  const random = createRandom(seed)
  const kinds: FaultKind[] = []
  while (kinds.length < count) kinds.push(...shuffle(FAULT_KINDS, random))
  return kinds.slice(0, count).map((kind) => ({
    kind,
    atRow: randomInteger(Math.ceil(rows * LATEST_SHARE), random),
    chance: random(),
  }))
}
