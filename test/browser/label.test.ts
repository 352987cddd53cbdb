import type { BrowserContext, Page } from '@playwright/test'
import { createRandom, randomInteger } from '../../src/domain/random'
import { violations } from './axe'
import { expect, openPage, test } from './page'
import { crash } from './store-page'

const kills = Number(process.env['SMALLCAP_LABEL_KILLS'] ?? 5)
const ITEMS = 500
const KEYS = ['1', '2', '3']

const texts = Array.from(
  { length: ITEMS },
  (_, item) => `$TICK${item} moved by ${(item * 37) % 100} points today`,
)
const progress = (page: Page) => page.getByText(/of 500 labelled/)
const shownText = (page: Page) => page.locator('#item-text')

/** Opens the Label view of a project that holds the texts. */
async function openQueue(page: Page): Promise<void> {
  await openPage(page)
  await page.getByRole('link', { name: 'Label' }).click()
  await page.getByRole('textbox', { name: 'Texts to label, one per line' }).fill(texts.join('\n'))
  await page.getByRole('button', { name: `Add ${ITEMS} lines` }).click()
  await expect(shownText(page)).toHaveText(texts[0] ?? '')
}

const labelled = async (page: Page): Promise<number> => Number.parseInt(await progress(page).innerText(), 10)

async function again(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto('/#label')
  await expect(page.getByRole('group', { name: 'Labels' }).getByRole('button')).toHaveCount(3)
  return page
}

test('five hundred items are labelled by keyboard, the next one within 50 ms, and all are there after a reload', async ({
  page,
}) => {
  await openQueue(page)
  await page.evaluate(() => {
    const waits: number[] = []
    let pressedAt = 0
    addEventListener('keydown', () => (pressedAt = performance.now()), { capture: true })
    const item = document.querySelector('.item')
    if (item)
      new MutationObserver(() => {
        if (pressedAt > 0) waits.push(performance.now() - pressedAt)
        pressedAt = 0
      }).observe(item, { subtree: true, characterData: true, childList: true })
    Object.assign(globalThis, { waits })
  })
  for (const [place, text] of texts.entries()) {
    if (place % 100 === 0) await expect(shownText(page)).toHaveText(text)
    await page.keyboard.press(KEYS[place % 3] ?? '1')
    await page.waitForFunction(
      (count) => (globalThis as { waits?: number[] }).waits?.length === count,
      place + 1,
    )
  }
  await expect(progress(page)).toContainText('500 of 500 labelled')
  await expect(page.getByText('Nothing is left to do.')).toBeVisible()
  const waits = await page.evaluate(() => (globalThis as { waits?: number[] }).waits ?? [])
  const sorted = waits.toSorted((a, b) => a - b)
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
  expect(await violations(page)).toEqual([])
})

test(`no label that was seen to be given is lost when the tab is killed ${kills} times, and two tabs keep each other’s`, async ({
  page,
  context,
}) => {
  test.setTimeout(60_000 + kills * 8000)
  await openQueue(page)
  const random = createRandom(kills)
  let tab = page
  let seen = 0
  for (let kill = 0; kill < kills; kill += 1) {
    const presses = 1 + randomInteger(8, random)
    for (let press = 0; press < presses; press += 1)
      await tab.keyboard.press(KEYS[randomInteger(3, random)] ?? '1')
    await tab.waitForTimeout(random() * 30)
    seen = await labelled(tab)
    await tab.keyboard.press('2')
    await crash(tab)
    tab = await again(context)
    const kept = await labelled(tab)
    // The last key may or may not have come to its end.
    expect(kept).toBeGreaterThanOrEqual(seen)
    expect(kept).toBeLessThanOrEqual(seen + presses + 1)
    seen = kept
  }
  const other = await again(context)
  await tab.bringToFront()
  await tab.keyboard.press('1')
  await expect(progress(tab)).toContainText(`${seen + 1} of 500`)
  await expect(progress(other)).toContainText(`${seen + 1} of 500`)
  await expect(other.getByText('This project is open in another tab as well.')).toBeVisible()
  await other.bringToFront()
  await other.keyboard.press('t')
  await other.keyboard.press('3')
  await expect(progress(other)).toContainText(`${seen + 2} of 500`)
  await expect(progress(tab)).toContainText(`${seen + 2} of 500`)
})
