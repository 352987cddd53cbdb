import { parseArgs } from 'node:util'
import { BadInput } from '../eval/bad-input'

const USAGE = `npm run soak -- [options]
  --faults 20       faults to try; 0: none
  --fault-rows 2000 lines of each run that a fault comes into
  --rows 100000     lines of the long run; 0: no long run
  --cycles 50       times that models are loaded, switched and freed on WASM and on WebGPU; 0: never
  --kills 20        times that the tab dies during the download of a model of 1 GB; 0: no download
  --label-kills 100 times that the tab dies while texts are labelled; 0: never
  --seed <number>   of the faults and the lines; by default another one each time, which is printed`

export interface SoakOptions {
  readonly faults: number
  readonly faultRows: number
  readonly rows: number
  readonly cycles: number
  readonly kills: number
  readonly labelKills: number
  readonly seed: number
}

const bad = (sentence: string): BadInput => new BadInput(`${sentence}\n\n${USAGE}`)

function wholeNumber(name: string, value: string, least: number): number {
  if (/^\d{1,9}$/.test(value) && Number(value) >= least) return Number(value)
  throw bad(`--${name} is "${value}", but it has to be a whole number from ${least}.`)
}

function parsed(argv: readonly string[], freshSeed: number) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        faults: { type: 'string', default: '20' },
        'fault-rows': { type: 'string', default: '2000' },
        rows: { type: 'string', default: '100000' },
        cycles: { type: 'string', default: '50' },
        kills: { type: 'string', default: '20' },
        'label-kills': { type: 'string', default: '100' },
        seed: { type: 'string', default: String(freshSeed) },
      },
    }).values
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error))
  }
}

/** The command line as options. Throws BadInput with the usage for anything it does not understand. */
export function readSoakOptions(argv: readonly string[], freshSeed: number): SoakOptions {
  const values = parsed(argv, freshSeed)
  return {
    faults: wholeNumber('faults', values.faults, 0),
    faultRows: wholeNumber('fault-rows', values['fault-rows'], 100),
    rows: wholeNumber('rows', values.rows, 0),
    cycles: wholeNumber('cycles', values.cycles, 0),
    kills: wholeNumber('kills', values.kills, 0),
    labelKills: wholeNumber('label-kills', values['label-kills'], 0),
    seed: wholeNumber('seed', values.seed, 0),
  }
}
