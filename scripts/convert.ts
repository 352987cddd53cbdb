/** Turns a published T5 folder into an int8 pack: npm run convert -- <folder> [--out <folder>] [--display-name <name>] */
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ModelFormatError } from '../workers/formats/format-error'
import { ConversionError } from './convert/conversion-error'
import { convertModel } from './convert/convert-model'
import { writeCatalogue } from './convert/write-catalogue'

const PACKS = 'public/models'
const USAGE =
  'Usage: npm run convert -- <model folder> [--out public/models/<name>] [--display-name <short name>]'

async function main(): Promise<void> {
  const { source, out, displayName } = readArguments()
  await convertModel({ source, out, ...(displayName && { displayName }) })
  if (resolve(dirname(out)) === resolve(PACKS)) await writeCatalogue(PACKS)
  console.log(`Wrote ${out}`)
}

function readArguments() {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { out: { type: 'string' }, 'display-name': { type: 'string' } },
    })
    const [source, ...rest] = positionals
    if (!source || rest.length > 0) throw new Error('Name one model folder.')
    return {
      source,
      out: values.out ?? join(PACKS, basename(resolve(source))),
      displayName: values['display-name'],
    }
  } catch (error) {
    throw new ConversionError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
}

main().catch((error: unknown) => {
  if (!(error instanceof ConversionError || error instanceof ModelFormatError)) throw error
  console.error(error.message)
  process.exitCode = 1
})
