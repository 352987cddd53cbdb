/** The page as a person meets it: its fields, buttons and sentences. */
import { readFile } from 'node:fs/promises'
import { errors, type Locator, type Page } from '@playwright/test'
import { readExport, SoakFailure, type ExportedRow } from './exported'

/** How many rows the page says it has, and of how many lines. */
export interface Count {
  readonly rows: number
  readonly lines: number
}

const POLL_MS = 20
// A busy machine takes seconds to press a button; a run that is over has none to press.
const BUTTON_MS = 15_000

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const numberOf = (digits = ''): number => Number(digits.replaceAll(',', ''))

function countIn(text: string | undefined): Count | undefined {
  const found = /([\d,]+) of ([\d,]+)/.exec(text ?? '')
  return found ? { rows: numberOf(found[1]), lines: numberOf(found[2]) } : undefined
}

/** The text of what may not be there at all. */
async function textOf(locator: Locator): Promise<string | undefined> {
  const [text] = await locator.allInnerTexts()
  return text
}

/** Asks again and again until there is an answer. Throws SoakFailure after `limitMs`. */
export async function until<T>(what: string, limitMs: number, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > end) throw new SoakFailure(`Within ${limitMs / 1000} s the page did not ${what}.`)
    await pause(POLL_MS)
  }
}

const footer = (page: Page): Locator => page.getByRole('note', { name: 'How these results were made' })
const results = (page: Page): Locator => page.getByRole('region', { name: 'Results' })

/** What the line under the results says; undefined while there are none. */
export const shownCount = async (page: Page): Promise<Count | undefined> =>
  countIn(await textOf(footer(page).locator('span').first()))

/** What the notice about an unfinished run says was kept; undefined where there is no such notice. */
export const keptCount = async (page: Page): Promise<Count | undefined> =>
  countIn(await textOf(results(page).getByText(/results were kept\./)))

/** At how many rows the page says that a run is held; undefined where none is. */
export const pausedCount = async (page: Page): Promise<Count | undefined> =>
  countIn(await textOf(page.getByText(/^Paused at [\d,]+ of [\d,]+$/)))

/** The bold sentence of the notice that a run ended badly; undefined where it did not. */
export const alertTitle = (page: Page): Promise<string | undefined> =>
  textOf(results(page).getByRole('alert').locator('strong'))

/** Whether a run is under way, so that it can be stopped. */
export const isRunning = async (page: Page): Promise<boolean> =>
  (await page.getByRole('button', { name: /^Stop/ }).count()) > 0

/** Whether all lines have their results and nothing runs. */
export const hasEnded = async (page: Page, lines: number): Promise<boolean> =>
  (await shownCount(page))?.rows === lines && !(await isRunning(page))

/**
 * Does to a button what can be done only while a run over `lines` lines is under way. Answers whether it could be done
 * before the run ended.
 */
export async function beforeTheEnd(
  page: Page,
  lines: number,
  act: (options: { readonly timeout: number }) => Promise<void>,
): Promise<boolean> {
  try {
    await act({ timeout: BUTTON_MS })
    return true
  } catch (error) {
    if (error instanceof errors.TimeoutError && (await hasEnded(page, lines))) return false
    throw error
  }
}

/** The sentences about what the page could not read or store. */
export const noteShown = (page: Page, note: RegExp): Promise<void> =>
  page.getByText(note).first().waitFor({ timeout: 10_000 })

/** Waits until the engine holds its model and nothing runs. */
export const engineReady = (page: Page): Promise<void> =>
  page.getByRole('button', { name: /^Engine:.*ready$/ }).waitFor({ timeout: 30_000 })

/** Opens the page and waits for the results of the sample lines, which come without a click. */
export async function openPage(page: Page): Promise<void> {
  await page.goto('/')
  await until('classify its sample lines', 30_000, async () =>
    (await shownCount(page))?.rows === 12 ? true : undefined,
  )
}

/** Puts the lines into the clipboard. */
export async function copy(page: Page, lines: readonly string[]): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('textbox', { name: 'Text, one per line' }).focus()
  // As text, for scripts are not typed for a page.
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(lines.join('\n'))})`)
}

/** Puts what is in the clipboard in place of what is in the focused text box. */
export async function pasteCopied(page: Page): Promise<void> {
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+v')
}

/** Puts the lines in place of what is in the text box, by the clipboard. */
export async function paste(page: Page, lines: readonly string[]): Promise<void> {
  await copy(page, lines)
  await pasteCopied(page)
}

/** Waits until the input says how many lines it holds. */
export const linesRead = (page: Page, lines: number): Promise<void> =>
  page
    .getByRole('region', { name: 'Input' })
    .getByText(`${lines.toLocaleString('en-US')} lines`)
    .waitFor()

/** Two frames: what was done before is painted. */
export const painted = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
      }),
  )

export const pressClassify = (page: Page): Promise<void> => page.keyboard.press('Control+Enter')

/** Waits until at least so many rows of a run over `lines` lines are shown, and answers how many were seen. */
export const rowsShown = (page: Page, rows: number, lines: number, limitMs: number): Promise<number> =>
  until(`show ${rows} of ${lines} rows`, limitMs, async () => {
    const count = await shownCount(page)
    return count?.lines === lines && count.rows >= rows ? count.rows : undefined
  })

/** Goes on as the page offers it: with the lines left, once more, or with the text that was not begun. */
export async function goOn(page: Page): Promise<void> {
  for (const name of [/^Continue with/, /^Try again$/, /^Classify again$/, /^Classify/]) {
    const button = page.getByRole('button', { name })
    if ((await button.count()) > 0) return button.first().click()
  }
  throw new SoakFailure('The page offers no way to go on.')
}

/** Presses the button that saves a CSV, and reads it. */
export async function exportedRows(page: Page): Promise<readonly ExportedRow[]> {
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: /^CSV/ }).click()
  const download = await downloading
  return readExport(await readFile(await download.path(), 'utf8'))
}
