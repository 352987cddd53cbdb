import { describe, expect, it } from 'vitest'
import { itemsOf } from '../../../src/domain/labelling/add-lines'
import { nextWanted, orderByWorth, randomOrder } from '../../../src/domain/labelling/queue'

describe('the queue', () => {
  it('goes on behind an item, around the end, and never stays where it is', () => {
    const order = [3, 1, 0, 2]
    expect(nextWanted(order, 1, () => true)).toBe(0)
    expect(nextWanted(order, 2, () => true)).toBe(3)
    expect(nextWanted(order, -1, () => true)).toBe(3)
    expect(nextWanted(order, 1, (item) => item === 3)).toBe(3)
    expect(nextWanted(order, 1, (item) => item === 1)).toBeUndefined()
    expect(nextWanted([], -1, () => true)).toBeUndefined()
  })

  it('orders by falling worth, unknown last, equal as they came', () => {
    const worth = [0.2, undefined, 0.9, 0.2]
    expect(orderByWorth(4, (place) => worth[place])).toEqual([2, 0, 3, 1])
  })

  it('shuffles by the seed', () => {
    expect(randomOrder(20, 1)).toEqual(randomOrder(20, 1))
    expect(randomOrder(20, 1)).not.toEqual(randomOrder(20, 2))
    expect([...randomOrder(20, 1)].sort((a, b) => a - b)).toEqual([...Array(20).keys()])
  })
})

describe('lines that become items', () => {
  it('come once, whatever their case and spacing, and with their pair', () => {
    let id = 0
    const newId = (): string => `t${(id += 1)}`
    const { items, duplicates } = itemsOf(
      [
        { line: 1, text: 'Up  today' },
        { line: 2, text: 'up today' },
        { line: 3, text: 'Up today', pair: 'or not' },
        { line: 4, text: 'Known' },
      ],
      [{ id: 'x', line: 9, text: 'KNOWN' }],
      newId,
    )
    expect(items.map(({ id: own, line }) => [own, line])).toEqual([
      ['t1', 1],
      ['t2', 3],
    ])
    expect(duplicates).toBe(2)
  })
})
