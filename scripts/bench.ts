/** Measures the engine in a real Chromium against transformers.js and against its own limits: npm run bench */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { launchBrowser } from './bench/chromium'
import { describeMachine } from './bench/machine'
import { readBenchOptions, type BenchOptions } from './bench/options'
import { addRandomModel } from './bench/random-model'
import { flan, runBench } from './bench/run'
import { addRoads } from './bench/roads'
import { buildSite } from './bench/site'
import { markdownTable } from './bench/table'
import { benchTexts } from './bench/texts'
import { BadInput } from './eval/bad-input'
import { createStaticServer, listen } from './setup/server.mjs'

const EXIT_BAD_INPUT = 2
const host = '127.0.0.1'

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`)

async function main(): Promise<void> {
  const options = readBenchOptions(process.argv.slice(2))
  const scratch = await mkdtemp(join(tmpdir(), 'smallcap-bench-'))
  try {
    await measure(options, scratch)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function measure(options: BenchOptions, scratch: string): Promise<void> {
  const site = await buildSite(join(scratch, 'site'), options.models, options.reference)
  // The server knows only the files that are there when it starts.
  if (options.only.has('flan')) {
    say(`${flan}: writing random weights`)
    await addRandomModel(site.folder, scratch, flan)
  }
  const wantsRoads = options.only.has('roads')
  const roads = wantsRoads ? await addRoads(site.folder, options.reference, options.models) : []
  if (wantsRoads && roads.length === 0)
    say(`${options.reference} holds no originals: the roads are left out.`)
  const { texts, origin } = await benchTexts(options.data, options.texts, options.seed)
  const server = createStaticServer(site.folder)
  const address = `http://${host}:${await listen(server, 0, host)}/`
  const browser = await launchBrowser()
  try {
    const { repeats, threads } = options
    const machine = await describeMachine(browser, address, threads)
    say(
      `${machine.processor}, ${machine.cores} cores, ${machine.browser}, ${machine.threads} threads; ${origin}`,
    )
    if (site.peers.size === 0)
      say(`${options.reference} holds no onnx-reference: transformers.js is left out.`)
    const bench = { browser, address, texts, repeats, threads, say }
    const figures = await runBench(bench, site, options, roads)
    const table = markdownTable(figures)
    console.log(table)
    await write(
      options.json,
      JSON.stringify({ machine, origin, options: { ...options, only: [...options.only] }, figures }, null, 2),
    )
    if (options.markdown !== undefined) await write(options.markdown, table)
  } finally {
    await browser.close()
    server.close()
  }
}

async function write(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${content}\n`)
}

await main().catch((error: unknown) => {
  if (!(error instanceof BadInput)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = EXIT_BAD_INPUT
})
