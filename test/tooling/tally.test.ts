import { expect, test } from 'vitest'
import { tallyCommand, tallyListed, tallyPlaywright, tallyVitest } from '../../scripts/setup/tally.mjs'

const file = (status: string, ...cases: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: cases.map((one) => ({ fullName: `a ${one} test`, status: one })),
})

const suite = (...statuses: string[]) => ({
  title: 'a.test.ts',
  specs: statuses.map((status) => ({
    title: `a ${status} test`,
    tests: [{ status, annotations: status === 'skipped' ? [{ type: 'skip', description: 'no GPU' }] : [] }],
  })),
})

test('a command passes or fails as one', () => {
  expect(tallyCommand(0)).toEqual({ passed: 1, failed: 0, skipped: [] })
  expect(tallyCommand(2)).toEqual({ passed: 0, failed: 1, skipped: [] })
})

test('vitest: passed, failed and skipped tests are counted', () => {
  const report = {
    testResults: [file('failed', 'passed', 'failed'), file('passed', 'passed', 'skipped', 'todo')],
  }
  expect(tallyVitest(report, 1)).toEqual({
    passed: 2,
    failed: 1,
    skipped: ['a skipped test (skipped)', 'a todo test (todo)'],
  })
})

test('vitest: a file that could not be loaded has failed', () => {
  expect(tallyVitest({ testResults: [file('failed'), file('passed', 'passed')] }, 1)).toMatchObject({
    passed: 1,
    failed: 1,
  })
})

test('playwright: nested suites are counted, a flaky test has failed, a skipped one says why', () => {
  const report = { suites: [{ ...suite('expected', 'flaky'), suites: [suite('unexpected', 'skipped')] }] }
  expect(tallyPlaywright(report, 1)).toEqual({
    passed: 1,
    failed: 2,
    skipped: ['a.test.ts › a skipped test (no GPU)'],
  })
})

test('tests that no browser could run have failed', () => {
  expect(tallyListed({ suites: [suite('skipped', 'skipped')] })).toEqual({
    passed: 0,
    failed: 2,
    skipped: [],
  })
  expect(tallyListed(undefined)).toEqual({ passed: 0, failed: 1, skipped: [] })
})

test.each([
  ['no report', undefined, undefined, 0],
  ['no tests', { testResults: [] }, { suites: [] }, 0],
  [
    'an error outside the tests',
    { testResults: [file('passed', 'passed')] },
    { suites: [suite('expected')] },
    1,
  ],
])('a runner with %s has failed', (_, vitest, playwright, code) => {
  expect(tallyVitest(vitest, code).failed).toBe(1)
  expect(tallyPlaywright(playwright, code).failed).toBe(1)
})
