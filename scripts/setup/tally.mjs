/** Counts what a test runner wrote into its JSON report; a runner that crashed counts as a failure. */

/**
 * @typedef {{ passed: number, failed: number, skipped: string[] }} Tally `skipped` names each skipped test and why
 * @typedef {{ fullName: string, status: string }} VitestCase
 * @typedef {{ testResults: { name: string, status: string, assertionResults: VitestCase[] }[] }} VitestReport
 * @typedef {{ status: string, annotations: { type: string, description?: string }[] }} PlaywrightCase
 * @typedef {{ title: string, tests: PlaywrightCase[] }} PlaywrightSpec
 * @typedef {{ title: string, specs: PlaywrightSpec[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 * @typedef {{ suites: PlaywrightSuite[] }} PlaywrightReport
 */

/**
 * The tally of one command that either passes or fails.
 * @param {number} exitCode
 * @returns {Tally}
 */
export const tallyCommand = (exitCode) => ({
  passed: exitCode === 0 ? 1 : 0,
  failed: exitCode === 0 ? 0 : 1,
  skipped: [],
})

/**
 * @param {VitestReport | undefined} report undefined when none was written
 * @param {number} exitCode
 * @returns {Tally}
 */
export function tallyVitest(report, exitCode) {
  const files = report?.testResults ?? []
  const cases = files.flatMap(({ assertionResults }) => assertionResults)
  const count = (/** @type {string} */ status) => cases.filter((one) => one.status === status).length
  // A file that could not be loaded has failed without a failing test in it.
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  const skipped = cases.filter(({ status }) => status !== 'passed' && status !== 'failed')
  return withCrash(exitCode, {
    passed: count('passed'),
    failed: count('failed') + broken.length,
    skipped: skipped.map(({ fullName, status }) => `${fullName} (${status})`),
  })
}

/**
 * @param {PlaywrightReport | undefined} report undefined when none was written
 * @param {number} exitCode
 * @returns {Tally}
 */
export function tallyPlaywright(report, exitCode) {
  const cases = specsOf(report?.suites ?? [])
  const skipped = cases.filter(({ status }) => status === 'skipped')
  const passed = cases.filter(({ status }) => status === 'expected').length
  return withCrash(exitCode, {
    passed,
    // A flaky test is one that failed.
    failed: cases.length - passed - skipped.length,
    skipped: skipped.map(({ title, reason }) => `${title} (${reason})`),
  })
}

/**
 * The tally of tests that were only listed, because nothing could run them: all have failed, and at least one.
 * @param {PlaywrightReport | undefined} report
 * @returns {Tally}
 */
export const tallyListed = (report) => ({
  passed: 0,
  failed: Math.max(1, specsOf(report?.suites ?? []).length),
  skipped: [],
})

/**
 * @param {PlaywrightSuite[]} suites
 * @returns {{ title: string, status: string, reason: string }[]}
 */
const specsOf = (suites) =>
  suites.flatMap((suite) => [
    ...suite.specs.flatMap(({ title, tests }) =>
      tests.map(({ status, annotations }) => ({
        title: `${suite.title} › ${title}`,
        status,
        reason: annotations.find(({ description }) => description)?.description ?? 'no reason given',
      })),
    ),
    ...specsOf(suite.suites ?? []),
  ])

/**
 * A runner that failed without a failed test crashed, found no tests, or met an error outside them.
 * @param {number} exitCode
 * @param {Tally} tally
 * @returns {Tally}
 */
const withCrash = (exitCode, tally) => {
  const isSilent = tally.failed === 0 && (exitCode !== 0 || tally.passed === 0)
  return isSilent ? { ...tally, failed: 1 } : tally
}
