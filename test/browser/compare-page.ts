/** The Compare view as a person uses it. */
import type { Locator, Page } from '@playwright/test'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'

/** So many different labelled texts as CSV: the demonstrations, over and over with other numbers behind them. */
export const csvOf = (lines: number): string =>
  [
    'text,label',
    ...Array.from({ length: lines }, (_, line) => {
      const { text, labelId } = DEMONSTRATIONS[line % DEMONSTRATIONS.length] ?? { text: '', labelId: '' }
      const more = Math.floor(line / DEMONSTRATIONS.length)
      return `"${text.replaceAll('"', '""')}${more > 0 ? ` In part ${more}.` : ''}",${labelId}`
    }),
  ].join('\n')

/** Opens labelled texts in Classify and goes on to Compare. */
export async function compareOn(page: Page, csv: string): Promise<void> {
  await page
    .getByLabel('File to open')
    .setInputFiles({ name: 'gold.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.getByRole('button', { name: 'Use these rows' }).press('Enter')
  await page.getByRole('link', { name: 'Compare' }).press('Enter')
}

/** The row of a set-up. */
export const setUp = (page: Page, name: string): Locator =>
  page.getByRole('row', { name: new RegExp(`^\\d+ ${name.replaceAll(/[()]/g, '\\$&')} `) })
