import { expect, it } from 'vitest'
import { isBaseModel } from '../../src/domain/base-model'

it.each([
  ['google/flan-t5-base', 'google/flan-t5-base', true],
  ['google/flan-t5-base', 'someone/Flan-T5-base', true],
  ['/models/flan-t5-base/', 'google/flan-t5-base', true],
  ['C:\\models\\flan-t5-base', 'google/flan-t5-base', true],
  ['google/flan-t5-large', 'google/flan-t5-base', false],
  ['google/flan-t5-base', 'google/flan-t5-base-int8', false],
])('%s and %s are the same model: %s', (named, name, is) => {
  expect(isBaseModel(named, name)).toBe(is)
})
