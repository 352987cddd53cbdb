/** Disturbs runs at random points and runs a very long one, in a real Chromium: npm run soak -- --help */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchBrowser } from './bench/chromium'
import { BadInput } from './eval/bad-input'
import { buildStale } from './setup/build.mjs'
import { root, SetupError } from './setup/process.mjs'
import { createStaticServer, listen } from './setup/server.mjs'
import { killedDownload } from './soak/killed-download'
import { killedLabels } from './soak/killed-labels'
import { runFaults } from './soak/fault-runs'
import { longRun } from './soak/long-run'
import { longCycles } from './soak/model-cycles'
import { readSoakOptions, type SoakOptions } from './soak/options'

const EXIT_BAD_INPUT = 2
const host = '127.0.0.1'

const say = (line: string): void => console.log(line)

/** Answers how much failed. */
async function soak(options: SoakOptions): Promise<number> {
  await buildStale()
  // A copy, so that nobody changes the page under the browser.
  const folder = await mkdtemp(join(tmpdir(), 'smallcap-soak-'))
  await cp(join(root, 'dist'), folder, { recursive: true })
  const server = createStaticServer(folder)
  const address = `http://${host}:${await listen(server, 0, host)}/`
  const browser = await launchBrowser()
  try {
    const { faults, faultRows, rows, cycles, kills, labelKills, seed } = options
    say(`seed ${seed}: --seed ${seed} does the same again`)
    const site = { browser, address, say }
    let failed = faults > 0 ? await runFaults(site, faults, faultRows, seed) : 0
    if (rows > 0) failed += await longRun(site, rows, seed)
    if (labelKills > 0) failed += await killedLabels(site, labelKills, seed)
    if (kills > 0) failed += await killedDownload(site, kills, seed)
    if (cycles > 0) failed += await longCycles(cycles, say)
    say(failed === 0 ? 'All as it has to be.' : `${failed} failed.`)
    return failed
  } finally {
    await browser.close()
    server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

try {
  const freshSeed = Math.floor(Math.random() * 1_000_000)
  const failed = await soak(readSoakOptions(process.argv.slice(2), freshSeed))
  process.exitCode = failed === 0 ? 0 : 1
} catch (error) {
  if (!(error instanceof BadInput) && !(error instanceof SetupError)) throw error
  console.error(error.message)
  process.exitCode = EXIT_BAD_INPUT
}
