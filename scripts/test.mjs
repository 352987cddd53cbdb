/** `npm test`: installs what is missing, runs every check and test, and ends with `N passed, N failed`. */
import { complaintAboutThisNode } from './setup/node-version.mjs'

const complaint = complaintAboutThisNode()
if (complaint) {
  console.log(`${complaint}\n0 passed, 1 failed`)
  process.exitCode = 1
} else {
  // Loaded only now: an old Node could not even parse it.
  void import('./setup/test.mjs').then(({ test }) => test(process.argv.slice(2)))
}
