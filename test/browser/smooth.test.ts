import { LONG_MS, longTasksDuring, ownTasks, tasksInWords } from '../../scripts/soak/long-tasks'
import { painted } from '../../scripts/soak/controls'
import { USES } from '../../scripts/soak/uses'
import { expect, expectFacts, openPage, test, textBox } from './page'

const LINES = Array.from(
  { length: 12_000 },
  (_, place) =>
    `No ${place + 1}: the company reports a ${place % 2 ? 'higher' : 'lower'} profit for the year`,
)

/** Twice what the page allows itself, which the soak demands: where others share caches and cores, a task computes longer. */
const LIMIT_MS = 2 * LONG_MS

test('a task that computes for long is found', async ({ browser, page }) => {
  await openPage(page)
  // By the clock: on a busy machine others have part of it.
  const busyLoop = 'const end = performance.now() + 400; while (performance.now() < end);'
  const tasks = await longTasksDuring(browser, page, async () => {
    await page.evaluate(busyLoop)
    await painted(page)
  })
  expect(ownTasks(tasks)).not.toEqual([])
})

test('no task of the page computes for long: pasting, beginning, using and exporting thousands of lines @slow', async ({
  browser,
  page,
}) => {
  await openPage(page)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate((text) => navigator.clipboard.writeText(text), LINES.join('\n'))
  await textBox(page).focus()
  const smoothly = async (name: string, work: () => Promise<void>): Promise<void> => {
    const tasks = await longTasksDuring(browser, page, work)
    const own = tasks.filter(({ cpuMs }) => cpuMs >= LIMIT_MS)
    const told = `${name}, limit ${LIMIT_MS} ms: ${tasksInWords(tasks)}`
    test.info().annotations.push({ type: 'long tasks', description: told })
    expect(own, told).toEqual([])
  }
  await smoothly('pasting', async () => {
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Control+v')
    await expect(page.getByRole('region', { name: 'Input' }).getByText('12,000 lines')).toBeVisible()
    await painted(page)
  })
  await smoothly('beginning', async () => {
    await page.keyboard.press('Control+Enter')
    await expectFacts(page, /[\d,]{3,} of 12,000/)
    await expect(page.locator('[data-row="90"]')).toHaveCount(0)
  })
  // In the middle of the run, which goes on meanwhile.
  for (const { name, use } of USES) await smoothly(name, () => use(page))
  await page.keyboard.press('Escape')
  await expect(page.getByText(/Stopped; [\d,]+ of 12,000 results were kept\./)).toBeVisible()
})
