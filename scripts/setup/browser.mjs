/** Finds a Chromium for the browser tests, or installs one where that is possible. */
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run, runNpm } from './process.mjs'

const commands = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser']
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * The browser to test with: `CHROMIUM_PATH` or `CHROME_PATH`, an installed Chrome or Chromium, or Playwright's own.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {string} playwrightPath where Playwright would keep its Chromium
 * @returns {string | undefined}
 */
export function findBrowser(env, playwrightPath) {
  const named = [env['CHROMIUM_PATH'], env['CHROME_PATH']].find(Boolean)
  if (named) return isExecutable(named) ? named : undefined
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => commands.map((name) => join(folder, name)))
  return [...onPath, ...applications, playwrightPath].find(isExecutable)
}

/**
 * Finds a browser, installing Debian's or Playwright's Chromium if there is none; undefined if that fails too.
 * @returns {Promise<string | undefined>}
 */
export async function provideBrowser() {
  const { chromium } = await import('@playwright/test')
  const find = () => findBrowser(process.env, chromium.executablePath())
  const found = find()
  if (found || process.env['CHROMIUM_PATH'] || process.env['CHROME_PATH']) return found
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log('No Chromium found: installing it with apt-get.')
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-qq'])
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], env)
    const installed = find()
    if (installed) return installed
  }
  console.log('No Chromium found: installing the one of Playwright.')
  await runNpm(['exec', '--', 'playwright', 'install', 'chromium'])
  return find()
}

/** What to do when no browser was found, as one sentence or two. */
export const browserAdvice =
  'The browser tests need a Chromium and none was found or could be installed. ' +
  'Install Chrome or Chromium, or set CHROMIUM_PATH to the program of one.'

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
