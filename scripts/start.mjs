/** `npm start`: installs what is missing, builds what is outdated, serves the page and prints its address. */
import { complaintAboutThisNode } from './setup/node-version.mjs'

const complaint = complaintAboutThisNode()
if (complaint) {
  console.error(complaint)
  process.exitCode = 1
} else {
  // Loaded only now: an old Node could not even parse it.
  void import('./setup/start.mjs').then(({ start }) => start(process.argv.slice(2)))
}
