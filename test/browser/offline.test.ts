import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { test, type Page } from '@playwright/test'
import { expect, expectFacts, textBox } from './page'
import { newerVersion, servePlainly } from './plain-host'

test.use({ serviceWorkers: 'allow' })

const csv = 'id,text\n1,Profit rose\n2,Profit fell\n'
const openFile = (page: Page): Promise<void> =>
  page
    .getByLabel('File to open')
    .setInputFiles({ name: 'my.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })

/** Looks at nothing meanwhile: to Chromium a look of the test is a touch of a person, after which nothing is reloaded. */
const nextDocument = (page: Page): Promise<unknown> => page.waitForEvent('domcontentloaded')

/** Of ONNX Runtime the one build that a device without a graphics device needs, and all models of the page. */
const large = readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((path) =>
  /^(?:models\/.*\.(?!br$|gz$)\w+|ort\/.*threaded\.(?:mjs|wasm))$/.test(path),
)

/** Waits until exactly one version is kept, whole. */
const expectKept = (page: Page): Promise<void> =>
  expect
    .poll(
      () =>
        page.evaluate(async () => {
          const names = (await caches.keys()).filter((name) => name.startsWith('smallcap '))
          const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
          return kept.map((files) => files.filter(({ url }) => /\/(?:ort|models)\//.test(url)).length)
        }),
      { timeout: 30_000 },
    )
    .toEqual([large.length])

test('a host without headers, under a path: isolated after one reload, private, and whole without a network', async ({
  page,
}) => {
  const host = await servePlainly('dist')
  let heard = 0
  const foreign = createServer((_, response) => {
    heard += 1
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('hello')
  })
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve))
  const listening = foreign.address()
  const foreignAddress = `http://127.0.0.1:${typeof listening === 'object' ? listening?.port : 0}/`
  try {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    let documents = 0
    page.on('domcontentloaded', () => (documents += 1))
    await page.goto(host.address)
    await nextDocument(page)
    await expectFacts(page, '12 of 12')
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await expectKept(page)
    expect(documents).toBe(2)
    expect(complaints).toEqual([])

    const attempt = (url: string) =>
      fetch(url).then(
        (response) => response.text(),
        (error: unknown) => `refused: ${String(error)}`,
      )
    const worker = page.workers().find((each) => each.url().includes('engine.worker'))
    expect(await worker?.evaluate(() => crossOriginIsolated)).toBe(true)
    expect(await worker?.evaluate(attempt, foreignAddress)).toMatch(/^refused/)
    expect(await page.evaluate(attempt, foreignAddress)).toMatch(/^refused/)
    expect(heard).toBe(0)
    expect(await worker?.evaluate(attempt, `${host.address}models/catalogue.json`)).toContain('smallcap')

    await host.stop()
    await page.reload()
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await textBox(page).fill('Profit rose.')
    await page.getByRole('radio', { name: /^mini/ }).check()
    await page.keyboard.press('Control+Enter')
    await expectFacts(page, /1 of 1.*mini/s)
    await openFile(page)
    await expect(page.getByText('a table with commas')).toBeVisible()
    await page.getByRole('link', { name: 'Models' }).click()
    await expect(page.getByRole('textbox', { name: 'Repository' })).toBeVisible()
    // What the store asks of others passes the service worker by.
    const findStore = () => page.workers().find((each) => each.url().includes('store.worker'))
    await expect.poll(findStore).toBeDefined()
    expect(await findStore()?.evaluate(attempt, foreignAddress)).toBe('hello')
    await page.getByRole('button', { name: /^Engine:/ }).click()
    await page.getByRole('button', { name: 'Check this device' }).click()
    await expect(page.getByRole('dialog', { name: 'This device, checked' })).toBeVisible()
  } finally {
    await host.stop()
    foreign.close()
  }
})

test('a new version waits for a click, takes no work, and leaves an open tab the old one @slow', async ({
  page: first,
  context,
}) => {
  const host = await servePlainly('dist')
  const newer = await newerVersion('dist')
  const versionOf = (page: Page): Promise<boolean> =>
    page.evaluate(() => document.querySelector('script[src*="index-22222222"]') !== null)
  try {
    await first.goto(host.address)
    await nextDocument(first)
    await expectKept(first)
    const second = await context.newPage()
    await second.goto(host.address)
    await textBox(first).fill(
      Array.from({ length: 600 }, (_, place) => `Sales rose by ${place} %.`).join('\n'),
    )
    await first.keyboard.press('Control+Enter')
    await expect(first.getByRole('button', { name: 'Pause' })).toBeEnabled()

    host.publish(newer.folder)
    await first.evaluate(async () => (await navigator.serviceWorker.ready).update())
    for (const page of [first, second]) await expect(page.getByText('New version ready')).toBeVisible()
    expect(await versionOf(first)).toBe(false)
    await first.getByRole('button', { name: 'Reload' }).click()
    await first.waitForURL(host.address)
    await expect.poll(() => versionOf(first)).toBe(true)
    await expect(textBox(first)).toHaveValue(/^Sales rose by 0 %/)
    await expectFacts(first, '600 of 600', 60_000)

    // Only what the old version kept has this worker under its old name.
    expect(await versionOf(second)).toBe(false)
    await openFile(second)
    await expect(second.getByText('a table with commas')).toBeVisible()
    await second.getByRole('button', { name: 'Reload' }).click()
    await expect.poll(() => versionOf(second)).toBe(true)
    await expectKept(second)

    await host.stop()
    await first.reload()
    await expectFacts(first, '600 of 600')
    await textBox(first).fill('Profit fell.')
    await first.keyboard.press('Control+Enter')
    await expectFacts(first, '1 of 1')
  } finally {
    await host.stop()
    await newer.remove()
  }
})
