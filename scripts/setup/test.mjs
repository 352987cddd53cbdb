/** The steps of `npm test`, once Node is known to be new enough. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browserAdvice, provideBrowser } from './browser.mjs'
import { installMissing } from './install.mjs'
import { SetupError, runNpm } from './process.mjs'
import { tallyCommand, tallyListed, tallyPlaywright, tallyVitest } from './tally.mjs'

/** @typedef {import('./tally.mjs').Tally} Tally */

/** @type {Record<string, (reports: string) => Promise<Tally>>} */
const steps = {
  lint: async () => tallyCommand(await runNpm(['run', '--silent', 'lint'])),
  check: async () => tallyCommand(await runNpm(['run', '--silent', 'check'])),
  build: async () => tallyCommand(await runNpm(['run', '--silent', 'build'])),
  unit: runUnitTests,
  browser: runBrowserTests,
}

/** What `--only <name>` runs. @type {Record<string, string[]>} */
const selections = { lint: ['lint'], check: ['check'], unit: ['unit'], browser: ['build', 'browser'] }

/**
 * Runs all steps, or those of `--only`, whatever fails on the way; the last line is `N passed, N failed`.
 * @param {string[]} args command line without node and script
 */
export async function test(args) {
  const reports = mkdtempSync(join(tmpdir(), 'smallcap-test-'))
  /** @type {[string, Tally][]} */
  const tallies = []
  try {
    const names = selectSteps(args)
    await installMissing()
    for (const lanes of inLanes(names)) {
      console.log(`\n━━ ${lanes.flat().join(', ')} ━━`)
      const done = await Promise.all(lanes.map((lane) => runInTurn(lane, reports)))
      tallies.push(...done.flat())
    }
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error)
    tallies.push(['set-up', tallyCommand(1)])
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
  process.exitCode = summarise(tallies)
}

/**
 * Groups one after another, each of lanes side by side: lint takes one processor as long as types and build take
 * another, and the tests take as many as there are.
 * @param {string[]} names
 */
function inLanes(names) {
  const among = (/** @type {string[]} */ ...lane) => lane.filter((name) => names.includes(name))
  const groups = [[among('lint'), among('check', 'build')], [among('unit')], [among('browser')]]
  return groups.map((lanes) => lanes.filter((lane) => lane.length > 0)).filter((lanes) => lanes.length > 0)
}

/**
 * @param {string[]} lane names of steps
 * @param {string} reports folder for the reports
 */
async function runInTurn(lane, reports) {
  /** @type {[string, Tally][]} */
  const tallies = []
  for (const name of lane) tallies.push([name, await (steps[name] ?? unknownStep)(reports)])
  return tallies
}

/**
 * @param {string[]} args
 * @returns {string[]}
 */
function selectSteps(args) {
  if (args.length === 0) return Object.keys(steps)
  const selection = args[0] === '--only' && args.length === 2 ? selections[args[1] ?? ''] : undefined
  if (selection) return selection
  throw new SetupError(`npm test takes no option but --only ${Object.keys(selections).join('|')}.`)
}

const unknownStep = () => Promise.reject(new Error('A selection names a step that does not exist.'))

/** @param {string} reports folder for the report */
async function runUnitTests(reports) {
  const file = join(reports, 'vitest.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await runNpm(['exec', '--', 'vitest', 'run', ...reporters])
  /** @type {import('./tally.mjs').VitestReport | undefined} */
  const report = readReport(file)
  return tallyVitest(report, code)
}

/** @param {string} reports folder for the report */
async function runBrowserTests(reports) {
  const browser = await provideBrowser()
  const file = join(reports, 'playwright.json')
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file, CHROMIUM_PATH: browser ?? '' }
  // Without a browser the tests are only counted: each of them has failed.
  const list = browser === undefined ? ['--list'] : []
  const code = await runNpm(['exec', '--', 'playwright', 'test', '--reporter=list,json', ...list], env)
  /** @type {import('./tally.mjs').PlaywrightReport | undefined} */
  const report = readReport(file)
  if (browser !== undefined) return tallyPlaywright(report, code)
  console.log(browserAdvice)
  return tallyListed(report)
}

/**
 * @param {string} file
 * @returns {any} the parsed report, undefined when there is none or only a part of one
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Prints the counts and resolves to the exit code.
 * @param {[string, Tally][]} tallies
 */
function summarise(tallies) {
  const sum = (/** @type {'passed' | 'failed'} */ key) =>
    tallies.reduce((total, [, tally]) => total + tally[key], 0)
  console.log('\n━━ summary ━━')
  for (const [name, { passed, failed, skipped }] of tallies) {
    console.log(`${failed === 0 ? '✓' : '✗'} ${name}: ${passed} passed, ${failed} failed`)
    for (const one of skipped) console.log(`  skipped: ${one}`)
  }
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  return sum('failed') === 0 ? 0 : 1
}
