import { defineConfig } from '@playwright/test'

const executablePath = process.env['CHROMIUM_PATH']
const isRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: 'test/browser',
  outputDir: 'test-results',
  // Most of a test is waiting for a page; what is measured is the processor's time, not the clock's.
  workers: 2,
  // What takes longest for the least that is new: on the software adapter, which needs seconds for a text.
  ...(process.env['SMALLCAP_SLOW'] === undefined && { grepInvert: /@slow/ }),
  retries: 0,
  timeout: 60_000,
  forbidOnly: true,
  // A model that is loaded while others keep the machine busy takes longer than Playwright's five seconds.
  expect: { timeout: 15_000 },
  use: {
    // The server may have moved past a taken port; the address it printed is handed on below.
    baseURL: process.env['SMALLCAP_ADDRESS'] ?? 'http://127.0.0.1:4273/',
    trace: 'off',
    screenshot: 'only-on-failure',
    browserName: 'chromium',
    // It would answer in the place of the server, whose answers tests watch and replace; one file of tests is about it.
    serviceWorkers: 'block',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        // Chromium's sandbox refuses to run as root, which containers are.
        ...(isRoot ? ['--no-sandbox'] : []),
        // The browser's own traffic would blur the tests that count requests.
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        // Every page compiles ONNX Runtime anew; a second, faster compilation costs more than these short runs gain.
        '--js-flags=--liftoff-only',
      ],
    },
  },
  webServer: {
    command: 'node scripts/start.mjs --port 4273',
    wait: { stdout: /Smallcap is at (?<smallcap_address>http:\S+)/ },
    timeout: 180_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 2000 },
  },
})
