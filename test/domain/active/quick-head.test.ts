import { describe, expect, it } from 'vitest'
import { gainOf, learningCurve, type LabelledRow } from '../../../src/domain/active/learning-curve'
import { predictProba, trainHead } from '../../../src/domain/active/quick-head'
import { createRandom, type Random } from '../../../src/domain/random'
import golden from '../../fixtures/active.json'

const rowsOf = (rows: readonly (readonly number[])[]) => rows.map((row) => Float32Array.from(row))

/** A normal number. Source: G. Box & M. Muller (1958). */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** Texts of classes whose centres lie apart, with so much noise. */
function labelledRows(
  count: number,
  features: number,
  classes: number,
  noise: number,
  seed: number,
): LabelledRow[] {
  const random = createRandom(seed)
  const centre = createRandom(7)
  const centres = Array.from({ length: classes }, () =>
    Array.from({ length: features }, () => normal(centre)),
  )
  return Array.from({ length: count }, () => {
    const label = Math.floor(random() * classes)
    const embedding = Float32Array.from(centres[label] ?? [], (value) => value + noise * normal(random))
    return { embedding, label }
  })
}

describe('trainHead', () => {
  it.each(golden.heads)(
    'agrees with scikit-learn: $classes classes, C = $c',
    ({ x, labels, classes, c, coefficients, intercepts, unseen, probabilities }) => {
      const head = trainHead(rowsOf(x), labels, classes, { c })
      const count = head.mean.length
      coefficients.forEach((row, k) => {
        row.forEach((expected, j) => {
          expect(Math.abs((head.weights[k * (count + 1) + j] ?? NaN) - expected)).toBeLessThan(1e-3)
        })
      })
      // Intercepts of several classes have no penalty, so only their differences are fixed.
      const own = intercepts.map((_, k) => head.weights[k * (count + 1) + count] ?? NaN)
      const [shift = 0] = classes > 2 ? own.map((value, k) => value - (intercepts[k] ?? NaN)) : [0]
      intercepts.forEach((expected, k) => {
        expect(Math.abs((own[k] ?? NaN) - shift - expected)).toBeLessThan(1e-3)
      })
      predictProba(head, rowsOf(unseen)).forEach((row, text) => {
        row.forEach((p, k) => {
          expect(Math.abs(p - (probabilities[text]?.[k] ?? NaN))).toBeLessThan(1e-3)
        })
      })
    },
  )

  it('gives classes that were never seen no probability, and knows of one or of none', () => {
    const rows = rowsOf([
      [1, 2],
      [2, 1],
      [0, 1],
    ])
    expect(predictProba(trainHead(rows, [3, 1, 3], 4), rows)[0]).toMatchObject({ 0: 0, 2: 0 })
    expect(predictProba(trainHead(rows, [2, 2, 2], 3), rows)[1]).toEqual([0, 0, 1])
    expect(predictProba(trainHead([], [], 4), rows)[0]).toEqual([0.25, 0.25, 0.25, 0.25])
    expect(() => trainHead(rows, [0], 2)).toThrow(/3 rows do not have 1 labels/)
  })

  it('learns 500 rows of 256 numbers quickly, and goes on from there in fewer steps', () => {
    const rows = labelledRows(520, 256, 3, 6, 1)
    const x = rows.map(({ embedding }) => embedding)
    const y = rows.map(({ label }) => label)
    const before = trainHead(x.slice(0, 500), y.slice(0, 500), 3)
    const started = performance.now()
    const cold = trainHead(x, y, 3)
    // Well under a second on a machine that has nothing else to do.
    expect(performance.now() - started).toBeLessThan(2500)
    const warm = trainHead(x, y, 3, { from: before })
    expect(warm.iterations).toBeLessThan(cold.iterations)
    const [one, other] = [cold, warm].map((head) => predictProba(head, x.slice(0, 50)).flat())
    one?.forEach((p, place) => expect(Math.abs(p - (other?.[place] ?? NaN))).toBeLessThan(1e-3))
  })
})

describe('learningCurve', () => {
  const heldOut = labelledRows(200, 16, 3, 1.5, 2)

  it('ends at the same accuracy for both orders, and is the same for the same seeds', () => {
    const request = { made: labelledRows(120, 16, 3, 1.5, 3), heldOut, classes: 3, seeds: [1, 2, 3] }
    const points = [...learningCurve(request)].filter((point) => point !== undefined)
    expect(points.map(({ labels }) => labels)).toEqual([8, 12, 17, 26, 38, 55, 82, 120])
    const [first, last] = [points[0], points.at(-1)]
    for (const accuracy of last?.random ?? [NaN]) expect(last?.accuracy).toBeCloseTo(accuracy, 2)
    for (const accuracy of first?.random ?? [NaN]) expect(last?.accuracy).toBeGreaterThan(accuracy)
    expect([...learningCurve(request)].filter((point) => point !== undefined)).toEqual(points)
  })

  it('shows an order that shows one class after the other to be worse than chance', () => {
    const made = labelledRows(90, 16, 3, 1.5, 4).sort((a, b) => a.label - b.label)
    const points = [...learningCurve({ made, heldOut, classes: 3, seeds: [1, 2, 3] })]
    const gain = gainOf(points.filter((point) => point !== undefined))
    expect(gain?.mean).toBeLessThan(-0.1)
    expect(gain).toMatchObject({ aheadOf: 0, orders: 3 })
  })

  it('counts the random orders that the order made was ahead of, without the last point', () => {
    const points = [
      { labels: 8, accuracy: 0.5, random: [0.4, 0.5, 0.6] },
      { labels: 16, accuracy: 0.7, random: [0.6, 0.6, 0.7] },
      { labels: 20, accuracy: 0.9, random: [0.1, 0.1, 0.1] },
    ]
    const gain = gainOf(points)
    expect(gain?.mean).toBeCloseTo((0.1 + 0.05 - 0.05) / 3, 9)
    expect(gain).toMatchObject({ aheadOf: 2, orders: 3 })
  })

  it('has nothing to say of nothing', () => {
    expect([...learningCurve({ made: [], heldOut, classes: 3, seeds: [1] })]).toEqual([])
    expect(gainOf([])).toBeUndefined()
  })

  it('pauses after each head', () => {
    const made = labelledRows(20, 4, 2, 1, 5)
    const steps = [...learningCurve({ made, heldOut: made, classes: 2, seeds: [1, 2], points: 3 })]
    expect(steps.filter((step) => step === undefined)).toHaveLength(9)
  })
})
