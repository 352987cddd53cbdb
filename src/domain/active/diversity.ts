/** Which texts differ most from those that are labelled and from each other. */
import { orderBy } from './order-by'

/** So many are picked one after the other; the rest follow by their distance to what was picked. */
const PICKS = 100

function unitRow(row: Float32Array): Float32Array {
  let square = 0
  for (const value of row) square += value * value
  const length = Math.sqrt(square)
  return length === 0 ? row : row.map((value) => value / length)
}

/** 1 − cosine of two rows of length one, from 0 to 2. */
function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let place = 0; place < a.length; place += 1) sum += a[place]! * b[place]!
  return 1 - sum
}

function meanRow(rows: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(rows[0]?.length ?? 0)
  for (const row of rows)
    for (let place = 0; place < mean.length; place += 1) mean[place]! += row[place]! / rows.length
  return unitRow(mean)
}

/**
 * Greedy k-centre: each pick is the candidate farthest, in cosine distance, from all that are labelled or picked; without
 * any of those the first is the one nearest to the mean. With `weightOf`, distances are weighted by it.
 */
function greedy(
  candidates: readonly number[],
  embeddings: readonly Float32Array[],
  labelled: readonly number[],
  picks: number,
  weightOf: (index: number) => number,
): readonly number[] {
  const rows = embeddings.map(unitRow)
  const nearest = new Float64Array(rows.length).fill(Infinity)
  const left = new Set(candidates)
  const cover = (centre: Float32Array): void => {
    for (const index of left)
      nearest[index] = Math.min(nearest[index]!, Math.max(0, distance(rows[index]!, centre)))
  }
  const picked: number[] = []
  const take = (index: number): void => {
    picked.push(index)
    left.delete(index)
    cover(rows[index]!)
  }
  for (const index of labelled) cover(rows[index]!)
  if (labelled.length === 0) {
    const mean = meanRow(candidates.map((index) => rows[index]!))
    const [first] = orderBy(candidates, (index) => (2 - distance(rows[index]!, mean)) * weightOf(index))
    if (first !== undefined) take(first)
  }
  while (picked.length < picks && left.size > 0) {
    let best = -1
    let farthest = -Infinity
    for (const index of left) {
      const value = nearest[index]! * weightOf(index)
      if (value > farthest) [best, farthest] = [index, value]
    }
    if (best < 0) break
    take(best)
  }
  return [...picked, ...orderBy([...left], (index) => nearest[index]! * weightOf(index))]
}

/**
 * Candidates by diversity; `embeddings` are rows of one length, `labelled` the rows that are done.
 * Source: O. Sener & S. Savarese (2018), "Active Learning for Convolutional Neural Networks: A Core-Set Approach", alg. 1.
 */
export const rankByDiversity = (
  candidates: readonly number[],
  embeddings: readonly Float32Array[],
  labelled: readonly number[],
  picks = PICKS,
): readonly number[] => greedy(candidates, embeddings, labelled, picks, () => 1)

/**
 * Candidates that are uncertain and unlike what is labelled or picked: the distance times the uncertainty, 0 to 1, as
 * Settles and Craven (2008) weigh uncertainty by density.
 */
export const rankByBoth = (
  candidates: readonly number[],
  embeddings: readonly Float32Array[],
  labelled: readonly number[],
  uncertaintyOf: (index: number) => number,
  picks = PICKS,
): readonly number[] => greedy(candidates, embeddings, labelled, picks, uncertaintyOf)
