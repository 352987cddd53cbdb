import { expect, it } from 'vitest'
import { findLabel } from '../../src/domain/find-label'
import { FINANCE_TASK } from './finance-task'

it.each([
  ['negative', 'negative'],
  [' Negative ', 'negative'],
  ['Good  News', 'positive'],
  ['BEARISH', 'negative'],
])('finds %j', (name, id) => {
  expect(findLabel(FINANCE_TASK.labels, name)?.id).toBe(id)
})

it('knows no others, and prefers an id to an alias of another label', () => {
  expect(findLabel(FINANCE_TASK.labels, 'news')).toBeUndefined()
  const labels = [
    { id: 'a', words: 'first', aliases: ['b'] },
    { id: 'b', words: 'second', aliases: [] },
  ]
  expect(findLabel(labels, 'B')?.id).toBe('b')
})
