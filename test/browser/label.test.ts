import type { Page } from '@playwright/test'
import { createRandom } from '../../src/domain/random'
import { violations } from './axe'
import {
  fillQueue,
  KEYS,
  labelAndDie,
  labelledCount,
  openLabelTab,
  progress,
  queueTexts,
  shownText,
} from './label-page'
import { expect, openPage, test } from './page'

const KILLS = 5
const ITEMS = 500
const texts = queueTexts(ITEMS)

declare global {
  /** Milliseconds from each key to the next item. */
  var waits: number[]
  /** Resolves once so many keys were answered. */
  var shownAfter: (keys: number) => Promise<void>
}

/** Measures in the page, where no message of the test's own counts. */
const watchItem = (page: Page): Promise<void> =>
  page.evaluate(() => {
    let pressedAt = 0
    let [asked, resolve]: [number, () => void] = [Infinity, () => undefined]
    globalThis.waits = []
    globalThis.shownAfter = (keys) =>
      new Promise((shown) => {
        ;[asked, resolve] = [keys, shown]
        if (waits.length >= asked) shown()
      })
    addEventListener('keydown', () => (pressedAt = performance.now()), { capture: true })
    const item = document.querySelector('.item')
    if (!item) throw new Error('There is no item.')
    new MutationObserver(() => {
      if (pressedAt > 0) waits.push(performance.now() - pressedAt)
      pressedAt = 0
      if (waits.length >= asked) resolve()
    }).observe(item, { subtree: true, characterData: true, childList: true })
  })

test('five hundred items are labelled by keyboard, the next one within 50 ms, and all are there after a reload', async ({
  page,
}) => {
  test.setTimeout(180_000)
  await openPage(page)
  await fillQueue(page, texts)
  await watchItem(page)
  for (const [place, text] of texts.entries()) {
    if (place % 100 === 0) await expect(shownText(page)).toHaveText(text)
    await page.keyboard.press(KEYS[place % 3] ?? '1')
    await page.evaluate((count) => globalThis.shownAfter(count), place + 1)
  }
  await expect(progress(page)).toContainText('500 of 500 labelled')
  await expect(page.getByText('Nothing is left to do.')).toBeVisible()
  const sorted = (await page.evaluate(() => globalThis.waits)).toSorted((a, b) => a - b)
  const share = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? Infinity
  test.info().annotations.push({
    type: 'key to next item, ms',
    description: `median ${share(0.5).toFixed(1)}, 99th percentile ${share(0.99).toFixed(1)}`,
  })
  expect(share(0.5)).toBeLessThan(50)
  await page.reload()
  await expect(progress(page)).toContainText('500 of 500 labelled')
  await page.keyboard.press('z')
  await expect(progress(page)).toContainText('499 of 500 labelled')
  await expect(shownText(page)).toHaveText(texts[ITEMS - 1] ?? '')
  for (const panel of ['Items', 'By the model', 'Learning', 'Agreement', 'Likely slips', 'In and out']) {
    await page.getByRole('radio', { name: panel }).check()
    expect(await violations(page), panel).toEqual([])
  }
  await page.setViewportSize({ width: 390, height: 780 })
  expect(await violations(page), 'on a phone').toEqual([])
})

test(`no label that was seen to be given is lost when the tab is killed ${KILLS} times, and two tabs keep each other’s`, async ({
  page,
  context,
}) => {
  test.setTimeout(180_000)
  await openPage(page)
  await fillQueue(page, texts)
  const random = createRandom(KILLS)
  let tab = page
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { seen, atMost } = await labelAndDie(tab, random)
    tab = await openLabelTab(context)
    const kept = await labelledCount(tab)
    expect(kept).toBeGreaterThanOrEqual(seen)
    expect(kept).toBeLessThanOrEqual(atMost)
  }
  const kept = await labelledCount(tab)
  const other = await openLabelTab(context)
  await tab.bringToFront()
  await tab.keyboard.press('1')
  await expect(progress(tab)).toContainText(`${kept + 1} of 500`)
  await expect(progress(other)).toContainText(`${kept + 1} of 500`)
  await expect(other.getByText('This project is open in another tab as well.')).toBeVisible()
  await other.bringToFront()
  await other.keyboard.press('t')
  await other.keyboard.press('3')
  await expect(progress(other)).toContainText(`${kept + 2} of 500`)
  await expect(progress(tab)).toContainText(`${kept + 2} of 500`)
})

test.describe('by touch', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 780 } })

  test('the labels are at the thumb, large enough, and one tap labels and shows the next', async ({
    page,
  }) => {
    await openPage(page)
    await fillQueue(page, texts.slice(0, 5))
    const labels = page.getByRole('group', { name: 'Labels' }).getByRole('button')
    for (const [place, text] of texts.slice(0, 3).entries()) {
      await expect(shownText(page)).toHaveText(text)
      const box = await labels.nth(place).boundingBox()
      expect(box?.height).toBeGreaterThanOrEqual(44)
      expect(box?.y).toBeGreaterThan(390)
      await labels.nth(place).tap()
    }
    await expect(shownText(page)).toHaveText(texts[3] ?? '')
    await page.getByRole('button', { name: 'Undo' }).tap()
    await expect(shownText(page)).toHaveText(texts[2] ?? '')
  })
})
