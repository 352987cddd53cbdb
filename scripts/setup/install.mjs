/** Installs the packages of the lock file when some are missing or of another version. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError, root, runNpm } from './process.mjs'

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * Names of locked packages that are not installed in the locked version. Compared by content, since a checkout gives
 * files new dates; optional packages depend on the platform and do not count.
 * @param {Lock} locked package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json
 * @returns {string[]}
 */
export function missingPackages(locked, installed) {
  return Object.entries(locked.packages)
    .filter(([path, wanted]) => path !== '' && !wanted.optional && !wanted.devOptional)
    .filter(([path, wanted]) => installed.packages[path]?.version !== wanted.version)
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
}

/**
 * Runs `npm ci` if needed and says so.
 * @throws {SetupError} when npm fails
 */
export async function installMissing() {
  const installedLock = join(root, 'node_modules/.package-lock.json')
  const isInstalled = existsSync(installedLock)
  const missing = isInstalled
    ? missingPackages(readLock(join(root, 'package-lock.json')), readLock(installedLock))
    : []
  if (isInstalled && missing.length === 0) return
  console.log(
    isInstalled
      ? `Installing again with \`npm ci\`: ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ` and ${missing.length - 3} more` : ''} missing or outdated.`
      : 'Installing the packages of package-lock.json with `npm ci` (once).',
  )
  const code = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund'])
  if (code === 127)
    throw new SetupError('npm was not found. It comes with Node: install Node from https://nodejs.org.')
  if (code !== 0)
    throw new SetupError(
      `The packages could not be installed: \`npm ci\` ended with code ${code} (its own words are above). ` +
        'If they are about the network, check that this machine reaches the npm registry (`npm ping`); then run this again.',
    )
}

/**
 * @param {string} path
 * @returns {Lock}
 */
const readLock = (path) => JSON.parse(readFileSync(path, 'utf8'))
