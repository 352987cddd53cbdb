import { expect, expectFacts, openPage, rows, test, textBox } from './page'

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })

  test('the input folds to one line after a run, and the action stays within reach', async ({ page }) => {
    await openPage(page)
    await expect(textBox(page)).toBeHidden()
    await expect(rows(page).first()).toBeInViewport()
    const classify = page.getByRole('button', { name: 'Classify', exact: true })
    await expect(classify).toBeInViewport({ ratio: 1 })
    await page.getByRole('button', { name: 'Edit' }).tap()
    await expect(textBox(page)).toBeVisible()
    await expect(classify).toBeInViewport({ ratio: 1 })
    await textBox(page).fill('Orders rose.')
    await classify.tap()
    await expectFacts(page, '1 of 1')
    await expect(textBox(page)).toBeHidden()
  })

  test('nothing is wider than the screen', async ({ page }) => {
    await openPage(page)
    await rows(page).first().getByRole('button').first().tap()
    await expect(page.getByText(/Without .* goes from/)).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    await expect(page.getByRole('button', { name: 'Export' })).toBeInViewport({ ratio: 1 })
    const overflowing = await rows(page)
      .first()
      .evaluate(
        (row) =>
          [...row.querySelectorAll('*')].filter((part) => part.getBoundingClientRect().right > 361).length,
      )
    expect(overflowing).toBe(0)
  })
})

test('bars start and end at the same place in every row, under their head', async ({ page }) => {
  await openPage(page)
  const edges = await page
    .locator('.row .bar[role=img], .row [role=img]')
    .evaluateAll((bars) =>
      bars.map((bar) => [bar.getBoundingClientRect().left, bar.getBoundingClientRect().right].join()),
    )
  expect(edges).toHaveLength(12)
  expect(new Set(edges).size).toBe(1)
  const head = await page.getByRole('button', { name: 'probabilities' }).boundingBox()
  expect(head?.x).toBeCloseTo(Number(edges[0]?.split(',')[0]), 0)
})

test('the theme follows the system until another is chosen', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await openPage(page)
  const lightness = () =>
    page.evaluate(() => {
      const canvas = document.createElement('canvas').getContext('2d')
      if (!canvas) throw new Error('no canvas')
      canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor
      canvas.fillRect(0, 0, 1, 1)
      return canvas.getImageData(0, 0, 1, 1).data[0] ?? -1
    })
  expect(await lightness()).toBeLessThan(60)
  await page.getByRole('radio', { name: 'Light' }).check()
  expect(await lightness()).toBeGreaterThan(200)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('radio', { name: 'Dark' }).check()
  expect(await lightness()).toBeLessThan(60)
})
