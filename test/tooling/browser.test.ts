import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findBrowser } from '../../scripts/setup/browser.mjs'

const folder = mkdtempSync(join(tmpdir(), 'smallcap-browser-'))
const [chromium, own] = ['chromium', 'playwright-chromium'].map((name) => join(folder, name)) as [
  string,
  string,
]
for (const path of [chromium, own]) {
  writeFileSync(path, '')
  chmodSync(path, 0o755)
}
afterAll(() => rmSync(folder, { recursive: true }))

test('a named browser comes before an installed one, that before the one of Playwright', () => {
  expect(findBrowser({ CHROMIUM_PATH: own, PATH: folder }, own)).toBe(own)
  expect(findBrowser({ CHROME_PATH: own, PATH: folder }, own)).toBe(own)
  expect(findBrowser({ CHROMIUM_PATH: '', PATH: folder }, own)).toBe(chromium)
  expect(findBrowser({ PATH: '' }, own)).toBe(own)
})

test('a named browser that is not there is not replaced by another', () => {
  expect(findBrowser({ CHROMIUM_PATH: join(folder, 'gone'), PATH: folder }, own)).toBeUndefined()
})

test('no browser at all', () => {
  expect(findBrowser({ PATH: '' }, join(folder, 'gone'))).toBeUndefined()
})
