/** Turns a published T5 folder into a pack: npm run convert -- <folder> [--format int8|int4|fp16] [--eval <csv>] */
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ModelFormatError } from '../workers/formats/format-error'
import type { PackFormat } from '../workers/formats/pack-metadata'
import { ConversionError } from './convert/conversion-error'
import { convertModel } from './convert/convert-model'
import { measureLoss } from './convert/measure-loss'
import { measureScores } from './convert/measure-scores'
import { numberFormats, type PackFigures } from './convert/pack-figures'
import { figureLines } from './convert/report-figures'
import { writeCatalogue } from './convert/write-catalogue'
import { BadInput } from './eval/bad-input'

const PACKS = 'public/models'
const USAGE = `npm run convert -- <model folder>
  --format int8         int8 (or q8): 8 bits, for WASM and WebGPU
                        int4 (or q4): feed-forward weights in 4 bits, attention and embeddings in 8
                        fp16: 16-bit floats
  --out <folder>        ${PACKS}/<name>, for other formats than int8 ${PACKS}/<name>-<format>
  --display-name <text> a short name for the page
  --eval <csv>          measures what each number format loses against fp32 on 500 of the file's texts
  --test <csv>          measures accuracy and macro-F1 on a labelled file; may be given several times`

/** Other runtimes name formats by their bits; one 8-bit pack serves int8 and int8-weights alike. */
const FORMATS: ReadonlyMap<string, PackFormat> = new Map([
  ['int8', 'int8'],
  ['q8', 'int8'],
  ['int4', 'int4'],
  ['q4', 'int4'],
  ['fp16', 'fp16'],
])

async function main(): Promise<void> {
  const { source, out, format, displayName, data, tests } = readArguments()
  const measure = async (pack: string, adapters: readonly string[]): Promise<PackFigures> => {
    const formats = numberFormats[format]
    const loss = data === undefined ? undefined : await measureLoss(source, pack, formats, data)
    const scores = tests.length > 0 ? await measureScores(pack, formats, adapters, tests) : undefined
    const figures = { ...(loss && { loss }), ...(scores && { scores }) }
    for (const line of figureLines(figures)) console.log(line)
    return figures
  }
  const isMeasured = data !== undefined || tests.length > 0
  await convertModel({
    source,
    out,
    format,
    ...(displayName && { displayName }),
    ...(isMeasured && { measure }),
  })
  if (resolve(dirname(out)) === resolve(PACKS)) await writeCatalogue(PACKS)
  console.log(`Wrote ${out}`)
}

function readArguments() {
  try {
    const text = { type: 'string' } as const
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        ...{ out: text, 'display-name': text, eval: text },
        format: { type: 'string', default: 'int8' },
        test: { type: 'string', multiple: true, default: [] },
      },
    })
    const [source, ...rest] = positionals
    if (!source || rest.length > 0) throw new Error('Name one model folder.')
    const format = FORMATS.get(values.format)
    if (!format)
      throw new Error(`--format is "${values.format}", but it can be ${[...FORMATS.keys()].join(', ')}.`)
    const name = basename(resolve(source))
    return {
      source,
      format,
      out: values.out ?? join(PACKS, format === 'int8' ? name : `${name}-${format}`),
      displayName: values['display-name'],
      data: values.eval,
      tests: values.test,
    }
  } catch (error) {
    throw new ConversionError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
}

main().catch((error: unknown) => {
  if (!(error instanceof ConversionError || error instanceof ModelFormatError || error instanceof BadInput))
    throw error
  console.error(error.message)
  process.exitCode = 1
})
