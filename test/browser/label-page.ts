/** The Label view as a person uses it, for tests and for the soak. */
import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test'
import { randomInteger, type Random } from '../../src/domain/random'
import { crash } from './store-page'

export const KEYS = ['1', '2', '3'] as const

const anyKey = (random: Random): string => KEYS[randomInteger(KEYS.length, random)] ?? '1'

/** How many texts of how many are labelled, in words. */
export const progress = (page: Page): Locator => page.getByText(/^[\d,]+ of [\d,]+ labelled/)
export const shownText = (page: Page): Locator => page.locator('#item-text')

export const labelledCount = async (page: Page): Promise<number> =>
  Number.parseInt((await progress(page).innerText()).replaceAll(',', ''), 10)

/** Different texts, in order. */
export const queueTexts = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, item) => `$TICK${item} moved by ${(item * 37) % 100} points today`)

/** Opens the Label view, which has no items yet, and adds the texts. */
export async function fillQueue(page: Page, texts: readonly string[]): Promise<void> {
  await page.getByRole('link', { name: 'Label' }).click()
  await page.getByRole('textbox', { name: 'Texts to label, one per line' }).fill(texts.join('\n'))
  await page.getByRole('button', { name: `Add ${texts.length.toLocaleString('en-US')} lines` }).click()
  await expect(shownText(page)).toHaveText(texts[0] ?? '')
}

/** Opens the Label view in a new tab, ready for keys. */
export async function openLabelTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto('/#label')
  await expect(page.getByRole('group', { name: 'Labels' }).getByRole('button')).toHaveCount(3)
  return page
}

/** Labels a few texts and kills the tab at a random moment; answers what was seen to be labelled, and what may be. */
export async function labelAndDie(
  page: Page,
  random: Random,
): Promise<{ readonly seen: number; readonly atMost: number }> {
  const presses = 1 + randomInteger(8, random)
  for (let press = 0; press < presses; press += 1) await page.keyboard.press(anyKey(random))
  // Waits for nothing: it is the moment of the death that is random.
  await page.waitForTimeout(random() * 30)
  const seen = await labelledCount(page)
  // What was pressed and not seen may or may not have come to its end.
  await page.keyboard.press(anyKey(random))
  await crash(page)
  return { seen, atMost: seen + presses + 1 }
}
