import { describe, expect, it } from 'vitest'
import { BadInput } from '../../scripts/eval/bad-input'
import { FAULT_KINDS, planFaults } from '../../scripts/soak/fault'
import { soakLines } from '../../scripts/soak/lines'
import { readSoakOptions } from '../../scripts/soak/options'

describe('readSoakOptions', () => {
  it('tries 20 faults, 100,000 rows, 50 cycles, 20 kills and 100 while labelling with a fresh seed unless told otherwise', () => {
    const usual = {
      faults: 20,
      faultRows: 2000,
      rows: 100_000,
      cycles: 50,
      kills: 20,
      labelKills: 100,
      seed: 7,
    }
    expect(readSoakOptions([], 7)).toEqual(usual)
    expect(readSoakOptions(['--faults', '3', '--rows', '0', '--seed', '9'], 7)).toMatchObject({
      faults: 3,
      rows: 0,
      seed: 9,
    })
  })

  it.each([['--faults', '-1'], ['--rows', 'many'], ['--fault-rows', '5'], ['--fast']])(
    'refuses %s %s',
    (...args) => {
      expect(() => readSoakOptions(args, 7)).toThrow(BadInput)
    },
  )
})

describe('planFaults', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planFaults(20, 2000, 4)).toEqual(planFaults(20, 2000, 4))
    expect(planFaults(20, 2000, 4)).not.toEqual(planFaults(20, 2000, 5))
  })

  it('tries every kind among twenty, and leaves each run rows to go on with', () => {
    const faults = planFaults(20, 2000, 4)
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS))
    expect(Math.max(...faults.map(({ atRow }) => atRow))).toBeLessThan(1600)
  })
})

describe('soakLines', () => {
  it('are all different, so that a doubled one is seen', () => {
    expect(new Set(soakLines(5000, 4)).size).toBe(5000)
  })
})
