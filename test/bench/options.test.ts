import { expect, test } from 'vitest'
import { readBenchOptions, SECTIONS } from '../../scripts/bench/options'
import { BadInput } from '../../scripts/eval/bad-input'

test('without arguments everything is measured', () => {
  const options = readBenchOptions([])
  expect(options).toMatchObject({ texts: 1000, repeats: 5, threads: 0, markdown: undefined })
  expect([...options.only]).toEqual([...SECTIONS])
  expect(options.models).toEqual(['smallcap-t5-nano', 'smallcap-t5-mini'])
})

test('arguments narrow the run', () => {
  const options = readBenchOptions([
    '--texts',
    '8',
    '--repeats',
    '1',
    '--only',
    'speed, load',
    '--models',
    'a,b',
  ])
  expect(options).toMatchObject({ texts: 8, repeats: 1, models: ['a', 'b'] })
  expect([...options.only]).toEqual(['speed', 'load'])
})

test.each([
  [['--texts', '3']],
  [['--texts', '1e3']],
  [['--repeats', '0']],
  [['--threads', '-1']],
  [['--only', 'speed,nothing']],
  [['--unknown']],
])('%j is refused with the usage', (argv) => {
  expect(() => readBenchOptions(argv)).toThrow(BadInput)
  expect(() => readBenchOptions(argv)).toThrow(/npm run bench/)
})
