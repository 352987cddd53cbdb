import { parseArgs } from 'node:util'
import type { LabelNames } from '../../src/domain/datasets'
import type { DemonstrationPolicy, Mode } from '../../src/domain/task'
import { NUMBER_FORMATS, type NumberFormat } from '../../src/engine/contract'
import { BadInput } from './bad-input'

const USAGE = `npm run eval -- --data <csv> --model <id> --mode zero-shot|k-shot|fine-tuned
  --k 5                 demonstrations in a k-shot prompt
  --policy balanced     random | balanced | similar
  --seed 13             of the demonstrations
  --adapter <name>      of a fine-tuned run; by default the model's first
  --format <name>       ${NUMBER_FORMATS.join(' | ')}; by default the one that suits the model's file
  --limit <n>           only n rows, drawn at random but always the same
  --labels 0=negative,1=neutral,2=positive   what the file's labels mean, where it is not told by itself
  --models <folder>     of the models, public/models by default
  --threads <n>         2 by default
  --json <file>         writes all figures there too`

export interface EvalOptions {
  readonly data: string
  readonly model: string
  readonly mode: Mode['kind']
  readonly k: number
  readonly policy: DemonstrationPolicy
  readonly seed: number
  readonly adapter: string | undefined
  /** Undefined takes the one that suits the model's file. */
  readonly numberFormat: NumberFormat | undefined
  readonly limit: number | undefined
  readonly labelNames: LabelNames | undefined
  readonly models: string
  readonly threads: number
  readonly json: string | undefined
}

const bad = (sentence: string): BadInput => new BadInput(`${sentence}\n\n${USAGE}`)

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw bad(`--${name} is missing.`)
  return value
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value)
  if (found === undefined) throw bad(`--${name} is "${value}", but it can be ${allowed.join(', ')}.`)
  return found
}

function wholeNumber(name: string, value: string, least: number): number {
  const number = Number(value)
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < least) {
    throw bad(`--${name} is "${value}", but it has to be a whole number from ${least}.`)
  }
  return number
}

function labelNames(value: string): LabelNames {
  const pairs = value.split(',').map((pair) => {
    const [name = '', meaning = ''] = pair.split('=').map((part) => part.trim())
    if (name === '' || meaning === '') throw bad(`--labels holds "${pair}", which is not <name>=<label>.`)
    return [name, meaning] as const
  })
  return new Map(pairs)
}

function parsed(argv: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...argv],
      options: {
        ...{
          data: text,
          model: text,
          mode: text,
          adapter: text,
          limit: text,
          labels: text,
          json: text,
          format: text,
        },
        k: { type: 'string', default: '5' },
        policy: { type: 'string', default: 'balanced' },
        seed: { type: 'string', default: '13' },
        models: { type: 'string', default: 'public/models' },
        threads: { type: 'string', default: '2' },
      },
    }).values
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error))
  }
}

/** The command line as options. Throws BadInput with the usage for anything it does not understand. */
export function readOptions(argv: readonly string[]): EvalOptions {
  const values = parsed(argv)
  return {
    data: required('data', values.data),
    model: required('model', values.model),
    mode: oneOf('mode', required('mode', values.mode), ['zero-shot', 'k-shot', 'fine-tuned']),
    k: wholeNumber('k', values.k, 1),
    policy: oneOf('policy', values.policy, ['random', 'balanced', 'similar']),
    seed: wholeNumber('seed', values.seed, 0),
    adapter: values.adapter,
    numberFormat: values.format === undefined ? undefined : oneOf('format', values.format, NUMBER_FORMATS),
    limit: values.limit === undefined ? undefined : wholeNumber('limit', values.limit, 1),
    labelNames: values.labels === undefined ? undefined : labelNames(values.labels),
    models: values.models,
    threads: wholeNumber('threads', values.threads, 1),
    json: values.json,
  }
}
