import { createServer, type Server } from 'node:http'
import { test as plain } from '@playwright/test'
import { expect, expectFacts, openPage, test, textBox } from './page'
import { openStorePage } from './store-page'

test('with every other origin refused, all of it works and nothing is asked of them', async ({
  context,
  page,
  baseURL,
}) => {
  const own = new URL(baseURL ?? '').origin
  await context.route(
    (url) => url.origin !== own && !['data:', 'blob:'].includes(url.protocol),
    (route) => route.abort('blockedbyclient'),
  )
  await openPage(page)
  await textBox(page).fill('Profit rose.\nProfit fell.')
  await page.getByRole('radio', { name: /^mini/ }).check()
  await page.getByRole('radio', { name: 'k-shot', exact: true }).check()
  await page.getByRole('radio', { name: 'most similar' }).check()
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, /2 of 2.*mini\s+5-shot/s)
})

plain.describe('another origin that would answer gladly', () => {
  let server: Server
  let heard = 0
  let address = ''

  plain.beforeAll(async () => {
    server = createServer((_, response) => {
      heard += 1
      response.writeHead(200, {
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      })
      response.end('hello')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const listening = server.address()
    if (typeof listening !== 'object' || listening === null) throw new Error('the server has no port')
    address = `http://127.0.0.1:${listening.port}/`
    expect(await (await fetch(address)).text()).toBe('hello')
    heard = 0
  })

  plain.afterAll(() => server.close())

  const attempt = async (url: string): Promise<string> => {
    try {
      return await (await fetch(url)).text()
    } catch (error) {
      return `refused: ${String(error)}`
    }
  }

  plain('is out of reach for the page and for the engine worker', async ({ page }) => {
    await openPage(page)
    expect(await page.evaluate(attempt, address)).toMatch(/^refused/)
    const worker = page.workers().find((candidate) => candidate.url().includes('engine.worker'))
    if (!worker) throw new Error('the engine worker is not running')
    expect(await worker.evaluate(attempt, address)).toMatch(/^refused/)
    // Our own origin answers the same call, so it was the policy that refused.
    expect(await worker.evaluate(attempt, new URL('models/catalogue.json', page.url()).href)).toContain(
      'smallcap',
    )
    expect(heard).toBe(0)
    // The one worker that may ask others sees no text, and is not even there before a model is looked for.
    expect(page.workers().filter((each) => each.url().includes('store.worker'))).toEqual([])
    await openStorePage(page)
    const findStore = () => page.workers().find((each) => each.url().includes('store.worker'))
    await expect.poll(findStore).toBeDefined()
    const store = findStore()
    if (!store) throw new Error('the store worker is not running')
    expect(await store.evaluate(attempt, address)).toBe('hello')
    expect(await page.evaluate(attempt, address)).toMatch(/^refused/)
  })
})
