/** What somebody does with the results once all are there; each use ends when its outcome is painted. */
import type { Page } from '@playwright/test'
import { painted } from './controls'

export interface Use {
  readonly name: string
  readonly use: (page: Page) => Promise<void>
}

const ORDERS = ['least sure', 'most sure', 'label', 'slowest', 'input order']
const WHEEL_TURNS = 12
const THRESHOLD_STEPS = 6

async function scroll(page: Page): Promise<void> {
  const box = await page.getByRole('region', { name: 'Results' }).boundingBox()
  if (box) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  for (let turn = 1; turn <= WHEEL_TURNS; turn += 1) {
    // Ever further, to the middle of a hundred thousand rows.
    await page.mouse.wheel(0, 600 * turn ** 2)
    await painted(page)
  }
}

async function filter(page: Page): Promise<void> {
  for (const name of [/^negative/, /^not sure/, /lines$/]) {
    await page.getByRole('radio', { name }).check()
    await painted(page)
  }
}

async function sort(page: Page): Promise<void> {
  for (const order of ORDERS) {
    await page.getByRole('combobox', { name: 'Sort' }).selectOption(order)
    await painted(page)
  }
}

async function search(page: Page): Promise<void> {
  const box = page.getByRole('searchbox')
  await box.focus()
  await page.keyboard.type('No 77', { delay: 50 })
  await page.locator('[data-row="76"]').waitFor()
  await box.fill('')
  await page.locator('[data-row="0"]').waitFor()
  await painted(page)
}

async function changeThreshold(page: Page): Promise<void> {
  await page.getByRole('slider', { name: /Not sure below/ }).focus()
  for (let step = 0; step < THRESHOLD_STEPS; step += 1) {
    await page.keyboard.press('ArrowRight')
    await painted(page)
  }
}

async function exportAs(page: Page, name: RegExp): Promise<void> {
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name }).click()
  await downloading
  await painted(page)
}

async function copyRows(page: Page): Promise<void> {
  await page
    .getByRole('group', { name: /^Export the/ })
    .getByRole('button', { name: 'Copy' })
    .click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
}

export const USES: readonly Use[] = [
  { name: 'scrolling', use: scroll },
  { name: 'filtering', use: filter },
  { name: 'sorting', use: sort },
  { name: 'searching', use: search },
  { name: 'changing the threshold', use: changeThreshold },
  { name: 'exporting CSV', use: (page) => exportAs(page, /^CSV/) },
  { name: 'exporting JSONL', use: (page) => exportAs(page, /^JSONL/) },
  { name: 'copying', use: copyRows },
]
