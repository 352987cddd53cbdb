import { expect, test } from 'vitest'
import { complaintAboutThisNode, isInRange, nodeComplaint } from '../../scripts/setup/node-version.mjs'

const range = '^20.19.0 || >=22.12.0'

test.each([
  ['18.20.4', false],
  ['20.18.3', false],
  ['20.19.0', true],
  ['20.20.2', true],
  ['21.7.0', false],
  ['22.11.0', false],
  ['22.12.0', true],
  ['24.0.0', true],
])('Node %s in the range: %s', (version, expected) => {
  expect(isInRange(version, range)).toBe(expected)
})

test('an old Node is told what it is and what is needed', () => {
  expect(nodeComplaint('18.20.4', range)).toBe(
    'Smallcap needs Node 20.19.0 or a later 20, or 22.12.0 or later; this is Node 18.20.4. ' +
      'Get one from https://nodejs.org and run this again.',
  )
})

test('no complaint about a Node that fits, such as the one that runs this', () => {
  expect(nodeComplaint('22.12.0', range)).toBeUndefined()
  expect(complaintAboutThisNode()).toBeUndefined()
})

test('a range in a form that is not understood is not taken for a match', () => {
  expect(() => isInRange('20.19.0', '~20.19.0')).toThrow('Unknown form')
})
