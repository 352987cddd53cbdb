/** Measures a model on a labelled file with the page's own engine: npm run eval -- --data <csv> --model <id> --mode <mode> */
import { access, constants, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { BadInput } from './eval/bad-input'
import { evaluate } from './eval/evaluate'
import { createNodeEngine } from './node/node-engine'
import { readOptions } from './eval/options'
import { formatReport } from './eval/report'

const EXIT_BAD_INPUT = 2

function showProgress(done: number, total: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total}${done === total ? '\n' : ''}`)
  else if (done === total) process.stderr.write(`${done} of ${total}\n`)
}

/** A run takes minutes, so a place that cannot be written to is told before it. */
async function ensureWritable(file: string): Promise<void> {
  await access(dirname(resolve(file)), constants.W_OK).catch((error: unknown) => {
    throw new BadInput(
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
    )
  })
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options.json !== undefined) await ensureWritable(options.json)
  process.stderr.write(`Loading ${options.model} from ${options.models}\n`)
  const evaluation = await evaluate(createNodeEngine(options.models, options.threads), options, showProgress)
  process.stdout.write(formatReport(evaluation))
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(evaluation, null, 2)}\n`)
}

await main().catch((error: unknown) => {
  if (!(error instanceof BadInput)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = EXIT_BAD_INPUT
})
