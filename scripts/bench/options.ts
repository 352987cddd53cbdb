import { parseArgs } from 'node:util'
import { BadInput } from '../eval/bad-input'

/** What can be measured by itself. */
export const SECTIONS = ['speed', 'k-shot', 'load', 'first', 'memory', 'roads', 'flan', 'webgpu'] as const
export type Section = (typeof SECTIONS)[number]

const USAGE = `npm run bench -- [options]
  --texts 1000            texts of the long runs; shorter ones are scaled with it
  --repeats 5             rounds of the long runs, in which all contestants take turns
  --threads 0             of ONNX Runtime for all contestants; 0: as many as the page takes
  --only <a,b>            some of: ${SECTIONS.join(', ')}
  --models <a,b>          smallcap-t5-nano,smallcap-t5-mini by default
  --reference ../shared/models   originals in fp32 and folders for transformers.js, <model>/onnx-reference
  --data ../shared/data   with tfsn/sent_valid.csv and fpb/Sentences_50Agree.txt; else lines of this repository
  --seed 13               of the mix of texts
  --json test-results/bench.json      all figures and samples
  --markdown <file>       the table`

export interface BenchOptions {
  readonly texts: number
  readonly repeats: number
  readonly threads: number
  readonly only: ReadonlySet<Section>
  readonly models: readonly string[]
  readonly reference: string
  readonly data: string
  readonly seed: number
  readonly json: string
  readonly markdown: string | undefined
}

const bad = (sentence: string): BadInput => new BadInput(`${sentence}\n\n${USAGE}`)

function wholeNumber(name: string, value: string, least: number): number {
  if (/^\d{1,9}$/.test(value) && Number(value) >= least) return Number(value)
  throw bad(`--${name} is "${value}", but it has to be a whole number from ${least}.`)
}

function sections(value: string | undefined): ReadonlySet<Section> {
  if (value === undefined) return new Set(SECTIONS)
  return new Set(
    value.split(',').map((name) => {
      const known = SECTIONS.find((section) => section === name.trim())
      if (known === undefined) throw bad(`--only names "${name}", but it can be ${SECTIONS.join(', ')}.`)
      return known
    }),
  )
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        texts: { type: 'string', default: '1000' },
        repeats: { type: 'string', default: '5' },
        threads: { type: 'string', default: '0' },
        seed: { type: 'string', default: '13' },
        models: { type: 'string', default: 'smallcap-t5-nano,smallcap-t5-mini' },
        reference: { type: 'string', default: '../shared/models' },
        data: { type: 'string', default: '../shared/data' },
        json: { type: 'string', default: 'test-results/bench.json' },
        only: { type: 'string' },
        markdown: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error))
  }
}

/** The command line as options. Throws BadInput with the usage for anything it does not understand. */
export function readBenchOptions(argv: readonly string[]): BenchOptions {
  const values = parsed(argv)
  return {
    texts: wholeNumber('texts', values.texts, 4),
    repeats: wholeNumber('repeats', values.repeats, 1),
    threads: wholeNumber('threads', values.threads, 0),
    seed: wholeNumber('seed', values.seed, 0),
    only: sections(values.only),
    models: values.models.split(',').map((name) => name.trim()),
    reference: values.reference,
    data: values.data,
    json: values.json,
    markdown: values.markdown,
  }
}
