import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inOrder } from '../../workers/store/hub/in-order'

it('gives results in order with at most so many under way, whatever takes how long', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.nat(12),
      fc.integer({ min: 1, max: 4 }),
      async (scheduler, count, width) => {
        let underWay = 0
        let most = 0
        const items = Array.from({ length: count }, (_, index) => index)
        const work = scheduler.scheduleFunction(async (item: number) => item)
        const results: number[] = []
        const all = (async () => {
          const ordered = inOrder(items, width, async (item) => {
            underWay += 1
            most = Math.max(most, underWay)
            const result = await work(item)
            underWay -= 1
            return result
          })
          for await (const result of ordered) results.push(result)
        })()
        await scheduler.waitFor(all)
        expect(results).toEqual(items)
        expect(most).toBeLessThanOrEqual(width)
        expect(most).toBe(Math.min(count, width))
      },
    ),
  )
})

it('ends what is under way when it is left, or when something fails', async () => {
  const signals: AbortSignal[] = []
  const endless = inOrder([0, 1, 2], 3, async (item, signal) => {
    signals.push(signal)
    return item === 0 ? item : new Promise<never>(() => undefined)
  })
  await endless.next()
  await endless.return(0)
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true])

  const failing = inOrder([0, 1], 2, (item) =>
    item === 0 ? Promise.reject(new Error('no')) : Promise.resolve(item),
  )
  await expect(failing.next()).rejects.toThrow('no')
})
