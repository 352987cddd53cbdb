/** Turns a published T5 folder into an int8 pack: npm run convert -- <folder> [--format int8] [--eval <csv>] */
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ModelFormatError } from '../workers/formats/format-error'
import type { FormatLoss } from '../workers/formats/format-loss'
import { ConversionError } from './convert/conversion-error'
import { convertModel } from './convert/convert-model'
import { measureLoss } from './convert/measure-loss'
import { writeCatalogue } from './convert/write-catalogue'
import { BadInput } from './eval/bad-input'

const PACKS = 'public/models'
const USAGE =
  'Usage: npm run convert -- <model folder> [--format int8] [--out public/models/<name>] [--display-name <short name>] [--eval <labelled csv>]'

async function main(): Promise<void> {
  const { source, out, displayName, data } = readArguments()
  const measure = data && { measureLoss: (pack: string) => reportedLoss(source, pack, data) }
  await convertModel({ source, out, ...(displayName && { displayName }), ...measure })
  if (resolve(dirname(out)) === resolve(PACKS)) await writeCatalogue(PACKS)
  console.log(`Wrote ${out}`)
}

async function reportedLoss(source: string, pack: string, data: string): Promise<FormatLoss> {
  const loss = await measureLoss(source, pack, data)
  console.log(`int8 against the original in fp32 on ${String(loss.texts)} texts of ${loss.data}`)
  for (const { weights, equalLabels, meanDifference, p99Difference } of loss.losses)
    console.log(
      `${weights.padEnd(10)} equal labels ${(equalLabels * 100).toFixed(1)} %, |Δp| mean ${meanDifference.toFixed(4)}, 99th percentile ${p99Difference.toFixed(4)}`,
    )
  return loss
}

function readArguments() {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        format: { type: 'string', default: 'int8' },
        'display-name': { type: 'string' },
        eval: { type: 'string' },
      },
    })
    const [source, ...rest] = positionals
    if (!source || rest.length > 0) throw new Error('Name one model folder.')
    if (values.format !== 'int8') throw new Error(`There is no format ${values.format}; choose int8.`)
    return {
      source,
      out: values.out ?? join(PACKS, basename(resolve(source))),
      displayName: values['display-name'],
      data: values.eval,
    }
  } catch (error) {
    throw new ConversionError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
}

main().catch((error: unknown) => {
  if (!(error instanceof ConversionError || error instanceof ModelFormatError || error instanceof BadInput))
    throw error
  console.error(error.message)
  process.exitCode = 1
})
