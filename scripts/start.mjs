/** `npm start`: installs what is missing, builds what is outdated, serves the page and prints its address. */
import { readFileSync } from 'node:fs'
import { nodeComplaint } from './setup/node-version.mjs'

/** @type {{ engines: { node: string } }} */
const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const complaint = nodeComplaint(process.versions.node, engines.node)
if (complaint) {
  console.error(complaint)
  process.exitCode = 1
} else {
  // Loaded only now: an old Node could not even parse it.
  void import('./setup/start.mjs').then(({ start }) => start(process.argv.slice(2)))
}
