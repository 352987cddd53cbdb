import { expect, test } from 'vitest'
import { figure, isReached } from '../../scripts/bench/figure'
import { markdownTable } from '../../scripts/bench/table'

test('a figure is the median of its samples, with quartiles only where there are several', () => {
  expect(figure('nano', 'one text', 'ms', [3, 1, 2])).toEqual({
    subject: 'nano',
    measure: 'one text',
    unit: 'ms',
    value: 2,
    quartiles: [1.5, 2.5],
    samples: 3,
  })
  expect(figure('nano', 'one text', 'ms', [3])).not.toHaveProperty('quartiles')
})

test('aims are reached at their bound, except where they say below', () => {
  const reached = (bound: 'at most' | 'at least' | 'below') =>
    [1, 2, 3].map((value) => isReached(figure('', '', '×', [value], { bound, value: 2 })))
  expect(reached('at most')).toEqual([true, true, false])
  expect(reached('at least')).toEqual([false, true, true])
  expect(reached('below')).toEqual([true, false, false])
  expect(isReached(figure('', '', '×', [1]))).toBeUndefined()
})

test('the table lines up and says which aims are missed', () => {
  const table = markdownTable([
    figure('nano', 'ours against theirs', '×', [1.2, 1.4, 1.3], { bound: 'at least', value: 2 }),
    figure('page', 'bytes', 'MB', [123.4]),
  ])
  expect(table.split('\n')).toEqual([
    '| what | measure             | median | quartiles | aim  | reached |',
    '| ---- | ------------------- | ------ | --------- | ---- | ------- |',
    '| nano | ours against theirs | 1.30×  | 1.25–1.35 | ≥ 2× | **no**  |',
    '| page | bytes               | 123 MB |           |      |         |',
  ])
})
