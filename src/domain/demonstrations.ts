/**
 * Which demonstrations a k-shot prompt shows, in prompt order. Each chooser is made once per run and asked per query;
 * it never shows the query itself and gives what there is when the pool holds fewer than k.
 */
import { cosineSimilarity, vectorLength } from './cosine'
import { findLabel } from './find-label'
import type { LabelSet } from './label'
import { createRandom, randomInteger, shuffle } from './random'
import type { Demonstration } from './task'
import { textKey } from './text-key'

export type DemonstrationChooser = (query: string) => readonly Demonstration[]

interface Candidate {
  readonly demonstration: Demonstration
  readonly key: string
  /** Place in the pool. */
  readonly index: number
}

/** The pool with the keys that tell a query from a demonstration; a text that repeats an earlier one is left out. */
function candidatesOf(pool: readonly Demonstration[]): readonly Candidate[] {
  const byKey = new Map<string, Candidate>()
  pool.forEach((demonstration, index) => {
    const key = textKey(demonstration.text)
    if (!byKey.has(key)) byKey.set(key, { demonstration, key, index })
  })
  return [...byKey.values()]
}

function firstOther(candidates: readonly Candidate[], count: number, queryKey: string): Demonstration[] {
  return candidates
    .slice(0, count + 1)
    .filter((candidate) => candidate.key !== queryKey)
    .slice(0, count)
    .map((candidate) => candidate.demonstration)
}

/** The policy `random`: k of the pool by the seed, the same for every query of the run. */
export function randomDemonstrations(
  pool: readonly Demonstration[],
  k: number,
  seed: number,
): DemonstrationChooser {
  const order = shuffle(candidatesOf(pool), createRandom(seed))
  return (query) => firstOther(order, k, textKey(query))
}

/** Takes one from each queue in turn until `count` are taken or all queues are empty. */
function interleave<T>(queues: readonly (readonly T[])[], count: number): T[] {
  const longest = Math.max(0, ...queues.map((queue) => queue.length))
  const rounds = Array.from({ length: longest }, (_, round) =>
    queues.flatMap((queue) => queue.slice(round, round + 1)),
  )
  return rounds.flat().slice(0, count)
}

/**
 * The policy `balanced`: as equal a number per class as k and the pool allow, classes taking turns. The seed draws the
 * class that begins, so that k = 1 does not always show the first label.
 */
export function balancedDemonstrations(
  pool: readonly Demonstration[],
  labels: LabelSet,
  k: number,
  seed: number,
): DemonstrationChooser {
  const random = createRandom(seed)
  const start = randomInteger(labels.length, random)
  const candidates = candidatesOf(pool)
  const queues = [...labels.slice(start), ...labels.slice(0, start)].map((label) => {
    const ofClass = candidates.filter(
      ({ demonstration }) => findLabel(labels, demonstration.labelId) === label,
    )
    return shuffle(ofClass, random).slice(0, k + 1)
  })
  return (query) => {
    const queryKey = textKey(query)
    return interleave(
      queues.map((queue) => firstOther(queue, k, queryKey)),
      k,
    )
  }
}

/**
 * The policy `similar`: the k whose vectors have the greatest cosine similarity to the query's, the nearest last, next
 * to the query; equal ones in pool order. `vectors` runs parallel to `pool`; all vectors have one dimension.
 */
export function similarDemonstrations(
  pool: readonly Demonstration[],
  vectors: readonly Float32Array[],
  k: number,
): (query: string, queryVector: Float32Array) => readonly Demonstration[] {
  if (vectors.length !== pool.length) {
    throw new RangeError(`There are ${vectors.length} vectors for ${pool.length} demonstrations.`)
  }
  const candidates = candidatesOf(pool).map((candidate) => {
    const vector = vectors[candidate.index] ?? new Float32Array()
    return { ...candidate, vector, length: vectorLength(vector) }
  })
  return (query, queryVector) => {
    const queryKey = textKey(query)
    const queryLength = vectorLength(queryVector)
    return candidates
      .filter((candidate) => candidate.key !== queryKey)
      .map(({ demonstration, vector, length }) => ({
        demonstration,
        similarity: cosineSimilarity(queryVector, vector, queryLength, length),
      }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, Math.max(0, k))
      .reverse()
      .map(({ demonstration }) => demonstration)
  }
}

/** What is wrong with a pool for these labels, as a sentence, or undefined when all its labels are known. */
export function validateDemonstrations(labels: LabelSet, pool: readonly Demonstration[]): string | undefined {
  const place = pool.findIndex((demonstration) => findLabel(labels, demonstration.labelId) === undefined)
  const stranger = pool[place]
  if (stranger === undefined) return undefined
  const known = labels.map((label) => label.id).join(', ')
  return `Demonstration ${place + 1} is labelled "${stranger.labelId}", but the labels are ${known}.`
}
