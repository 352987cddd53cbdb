import { beforeAll, describe, expect, it } from 'vitest'
import type { LearnRequest } from '../../src/engine/learning'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'
import { createNodeEngine } from '../../scripts/node/node-engine'
import { connect, valueOf, type Connected } from './channel'

const model = 'smallcap-t5-nano'
const texts = DEMONSTRATIONS.map(({ text }) => text)
const names = ['negative', 'neutral', 'positive']
const labels = DEMONSTRATIONS.map(({ labelId }, text) => ({ text, label: names.indexOf(labelId) }))
let connected: Connected

beforeAll(async () => {
  connected = connect(() => createNodeEngine('public/models', 1))
  valueOf(await connected.client.load({ model, numberFormat: 'int8' }))
})

const request = (change: Partial<LearnRequest> = {}): LearnRequest => ({
  model,
  texts,
  classes: 3,
  made: labels.slice(0, 60),
  heldOut: [],
  withCurve: false,
  ...change,
})

const top = (row: readonly number[] = []) => row.indexOf(Math.max(...row))

describe('a quick head on the model’s states', () => {
  it('learns the labels it was given, and puts the others in an order', async () => {
    const { probabilities, order, byDifference, trainMs } = valueOf(await connected.client.learn(request()))
    const given = labels.slice(0, 60)
    expect(given.filter(({ text, label }) => top(probabilities[text]) === label).length).toBeGreaterThan(57)
    expect(order.toSorted((a, b) => a - b)).toEqual(labels.slice(60).map(({ text }) => text))
    expect(byDifference.toSorted((a, b) => a - b)).toEqual(order.toSorted((a, b) => a - b))
    expect(trainMs).toBeLessThan(1000)
    for (const row of probabilities) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6)
  })

  it('answers texts whose labels it was not given far better than the majority, over five folds', async () => {
    let right = 0
    for (let fold = 0; fold < 5; fold += 1) {
      const made = labels.filter((_, index) => index % 5 !== fold)
      const { probabilities } = valueOf(await connected.client.learn(request({ made })))
      right += labels.filter(
        ({ text, label }, index) => index % 5 === fold && top(probabilities[text]) === label,
      ).length
    }
    expect(right / labels.length).toBeGreaterThan(0.5)
  })

  it('measures itself on labels that it was not given, in the order made and in random ones', async () => {
    const held = { made: labels.slice(0, 45), heldOut: labels.slice(45), withCurve: true }
    const { curve } = valueOf(await connected.client.learn(request(held)))
    expect(curve.map(({ labels: count }) => count).at(-1)).toBe(45)
    const last = curve.at(-1)
    // With all labels the order in which they came makes no difference.
    for (const accuracy of last?.random ?? []) expect(accuracy).toBeCloseTo(last?.accuracy ?? Number.NaN, 6)
    for (const { accuracy, random } of curve) {
      expect(accuracy).toBeGreaterThanOrEqual(0)
      expect(random).toHaveLength(last?.random.length ?? Number.NaN)
      expect(random.length).toBeGreaterThan(1)
    }
  })
})
