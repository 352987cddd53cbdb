import type { Page } from '@playwright/test'
import { expect, expectFacts, footer, openPage, paste, rows, test, textBox } from './page'
import { beforeEngine, expectReadyOn, pickBackend, withSoftwareGpu } from './software-gpu'

// The software adapter takes some tenths of a second for a text.
test.describe.configure({ timeout: 240_000 })

const loadMs = 90_000

/** What each row says, e.g. `positive`, without its probability. */
const labels = async (page: Page): Promise<string[]> =>
  (await rows(page).getByRole('button').allInnerTexts()).map((text) => text.split(/\s/)[0] ?? '')

const runtimeFiles = (page: Page): string[] => {
  const asked: string[] = []
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname
    const file = /^\/ort\/[^/]+\/(.+)$/.exec(path)?.[1]
    if (file !== undefined && !asked.includes(file)) asked.push(file)
  })
  return asked
}

test('WebGPU gives the labels that WASM gives, after a check, and each backend fetches its own build', async ({
  playwright,
  launchOptions,
  baseURL,
}) => {
  await withSoftwareGpu({ playwright, launchOptions, baseURL }, async (page) => {
    const asked = runtimeFiles(page)
    await openPage(page)
    const onWasm = await labels(page)
    expect(onWasm).toHaveLength(12)
    expect(asked.sort()).toEqual(['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'])

    asked.length = 0
    await pickBackend(page, 'WebGPU')
    await expectReadyOn(page, 'WebGPU', loadMs)
    expect(asked.sort()).toEqual(['ort-wasm-simd-threaded.jspi.mjs', 'ort-wasm-simd-threaded.jspi.wasm'])
    await page.getByRole('button', { name: /^Engine:/ }).click()
    await expect(page.getByRole('region', { name: 'Engine' })).toContainText(
      /over 24 texts no probability differs by more\s+than\s+0\.00/,
    )
    await page.keyboard.press('Escape')

    await page.keyboard.press('Control+Enter')
    await expectFacts(page, /12 of 12.*int8-weights, WebGPU/s, 60_000)
    expect(await labels(page)).toEqual(onWasm)
  })
})

test('mini runs on WebGPU, and without JSPI the build for it is the one of asyncify @slow', async ({
  playwright,
  launchOptions,
  baseURL,
}) => {
  await withSoftwareGpu({ playwright, launchOptions, baseURL }, async (page) => {
    await beforeEngine(page, 'delete WebAssembly.Suspending')
    await openPage(page)
    await page.getByRole('radio', { name: /^mini/ }).check({ force: true })
    await page.keyboard.press('Control+Enter')
    await expectReadyOn(page, 'WASM', loadMs)
    await expectFacts(page, /12 of 12.*mini/s)
    const onWasm = await labels(page)
    const asked = runtimeFiles(page)
    await pickBackend(page, 'WebGPU')
    await expectReadyOn(page, 'WebGPU', loadMs)
    expect(asked.sort()).toEqual([
      'ort-wasm-simd-threaded.asyncify.mjs',
      'ort-wasm-simd-threaded.asyncify.wasm',
    ])
    await page.keyboard.press('Control+Enter')
    await expectFacts(page, /12 of 12.*int8-weights, WebGPU/s, 60_000)
    expect(await labels(page)).toEqual(onWasm)
  })
})

for (const [trouble, code] of [
  [
    'a shader that does not compile',
    `const create = GPUDevice.prototype.createShaderModule
GPUDevice.prototype.createShaderModule = function (asked) {
  return create.call(this, { ...asked, code: 'no shader' })
}`,
  ],
  [
    'a buffer that the device has no memory for (@slow)',
    `const create = GPUDevice.prototype.createBuffer
GPUDevice.prototype.createBuffer = function (asked) {
  return create.call(this, asked.size < 65536 ? asked : { ...asked, size: this.limits.maxBufferSize + 4 })
}`,
  ],
] as const)
  test(`${trouble} is told of in a clause, and WASM answers`, async ({
    playwright,
    launchOptions,
    baseURL,
  }) => {
    await withSoftwareGpu({ playwright, launchOptions, baseURL }, async (page) => {
      await beforeEngine(page, code)
      await openPage(page)
      await pickBackend(page, 'WebGPU')
      // Until WebGPU is given up the chip says that WASM is ready, too.
      await expect(async () => {
        await expectReadyOn(page, 'WASM', loadMs)
        await page.keyboard.press('Control+Enter')
        await expectFacts(page, /12 of 12.*WASM/s)
        await expect(footer(page)).toContainText('WebGPU was given up', { timeout: 1000 })
      }).toPass({ timeout: loadMs })
      const told = await footer(page).innerText()
      const [sentence = ''] = /WebGPU was given up: [^]*? WASM goes on\./.exec(told) ?? []
      test.info().annotations.push({ type: 'told', description: sentence })
      expect(sentence).not.toBe('')
      expect(sentence.length).toBeLessThan(320)
      expect(sentence).not.toMatch(/[\\/]\w+[\\/]|::|\.cc|\n/)
    })
  })

test('a device that is lost in a run is told of, and the run is finished on WASM', async ({
  playwright,
  launchOptions,
  baseURL,
}) => {
  const LINES = Array.from(
    { length: 120 },
    (_, place) => `${place} ${'profit rose again '.repeat(1 + (place % 9))}`,
  )
  await withSoftwareGpu({ playwright, launchOptions, baseURL }, async (page) => {
    await beforeEngine(
      page,
      `const request = GPUAdapter.prototype.requestDevice
GPUAdapter.prototype.requestDevice = async function (...asked) {
  return (self.device = await request.apply(this, asked))
}`,
    )
    await openPage(page)
    await pickBackend(page, 'WebGPU')
    await expectReadyOn(page, 'WebGPU', loadMs)
    await textBox(page).focus()
    await paste(page, LINES.join('\n'))
    await page.keyboard.press('Control+Enter')
    await expect(footer(page)).toContainText(/\d+ of 120.*WebGPU/s, { timeout: 60_000 })
    for (const worker of page.workers())
      await worker.evaluate(() => {
        const { device } = self as { readonly device?: GPUDevice }
        device?.destroy()
      })
    await expectFacts(page, '120 of 120', 60_000)
    await expect(footer(page)).toContainText('WebGPU was given up: the graphics device was lost')
    await expect(footer(page)).toContainText(/rows 1 to \d+: webgpu; rows \d+ to 120: wasm/)
    await expectReadyOn(page, 'WASM', loadMs)
  })
})

test('where there is no graphics device, a choice of WebGPU is answered by WASM and says so', async ({
  page,
}) => {
  await openPage(page)
  await pickBackend(page, 'WebGPU')
  await expectReadyOn(page, 'WASM', loadMs)
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, /12 of 12.*WASM/s)
  await expect(footer(page)).toContainText(
    'WebGPU was given up: This browser offers no graphics device for WebGPU. WASM goes on.',
  )
})
