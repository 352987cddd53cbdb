/** Builds the page into dist when the sources are newer than it. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError, root, runNpm } from './process.mjs'

/** What the build reads; a folder's own date tells of files removed from it. */
const sources = [
  'src',
  'workers',
  'public',
  'scripts/vite-plugins.ts',
  'scripts/vite-offline.ts',
  'scripts/headers.mjs',
]
const files = ['index.html', 'vite.config.ts', 'package-lock.json']

/**
 * The latest change of a file, or of a folder and all it holds, in ms since the epoch.
 * @param {string} path
 * @returns {number}
 */
export function latestChangeMs(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return readdirSync(path).reduce(
    (latest, name) => Math.max(latest, latestChangeMs(join(path, name))),
    stats.mtimeMs,
  )
}

/** Whether dist is missing or older than a source. */
export function isBuildStale() {
  const built = join(root, 'dist/index.html')
  if (!existsSync(built)) return true
  const builtMs = statSync(built).mtimeMs
  return [...sources, ...files].some((path) => latestChangeMs(join(root, path)) > builtMs)
}

/**
 * Builds if needed and says so.
 * @throws {SetupError} when the build fails
 */
export async function buildStale() {
  if (!isBuildStale()) return
  console.log('Building the page (its sources are newer than dist).')
  const code = await runNpm(['run', '--silent', 'build'])
  if (code !== 0) throw new SetupError('The build failed; what is wrong stands above.')
}
