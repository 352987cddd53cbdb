import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from '@playwright/test'
import { unpackTar } from 'modern-tar'
import { startHub, type Hub } from '../hub/hub'
import { readFolder, sha256Of } from '../hub/repository'
import { violations } from './axe'
import { expect, expectFacts, openPage, test } from './page'

const ID = 'acme/tiny-t5'
const LORA = 'acme/nano-lora'
const lora = readFolder('public/models/smallcap-t5-nano/adapter-finance')
let hub: Hub

test.beforeAll(async () => {
  const files = readFolder('public/models/smallcap-t5-nano')
  hub = await startHub([
    { id: ID, licence: 'apache-2.0', files },
    { id: 'acme/secret', files, isGated: true },
    { id: LORA, files: lora },
    { id: 'acme/mini-lora', files: readFolder('public/models/smallcap-t5-mini/adapter-finance') },
  ])
})
test.afterAll(async () => {
  await hub.close()
})

const row = (page: Page, name = ID) => page.getByRole('group', { name, exact: true })
const found = (page: Page) => page.getByRole('group', { name: 'What was found' })

async function look(page: Page, repository: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Repository' }).fill(repository)
  await page.getByRole('textbox', { name: 'Hub or mirror' }).fill(hub.address)
  await page.keyboard.press('Enter')
}

/** The requests that were asked for; any other still fails the test. */
function asked(watched: { readonly foreign: string[] }): void {
  expect(watched.foreign.filter((url) => !url.startsWith('http://127.0.0.1:'))).toEqual([])
  watched.foreign.length = 0
}

test('a model of a hub is looked at, stored, used, verified, carried elsewhere as a file, and deleted', async ({
  page,
  watched,
}) => {
  await openPage(page)
  await page.getByRole('link', { name: 'Models' }).press('Enter')
  await expect(page.getByText('No other model is stored in this browser yet')).toBeVisible()
  await expect(page.getByText('google/flan-t5-large', { exact: true })).toBeVisible()
  expect(await violations(page)).toEqual([])
  expect(watched.foreign).toEqual([])

  await look(page, ID)
  await expect(found(page)).toContainText(/apache-2\.0.*T5, int8.*3\.2 MB to download/s)
  expect(await violations(page)).toEqual([])
  await found(page).getByRole('button', { name: 'Download' }).press('Enter')
  await expect(row(page)).toContainText('T5 · int8 · 2.0M · 3.2 MB · apache-2.0')
  await row(page).getByRole('button', { name: 'Verify' }).press('Enter')
  await expect(row(page)).toContainText('Every byte is as it was published.')

  await row(page).getByRole('button', { name: 'Use', exact: true }).press('Enter')
  await expect(page.getByRole('radio', { name: /acme\/tiny-t5/ })).toBeChecked()
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, /12 of 12.*acme\/tiny-t5/s)
  // It is there without the hub, in the next visit too.
  asked(watched)
  await page.reload()
  await expectFacts(page, /12 of 12.*acme\/tiny-t5/s)
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, '12 of 12')
  expect(watched.foreign).toEqual([])

  await page.getByRole('link', { name: 'Models' }).click()
  const downloading = page.waitForEvent('download')
  await row(page).getByRole('button', { name: 'Export' }).click()
  const exported = await readFile(await (await downloading).path())
  await row(page).getByRole('button', { name: 'Delete' }).click()
  await row(page).getByRole('button', { name: 'Delete' }).click()
  await expect(row(page)).toHaveCount(0)
  await page
    .getByLabel('Model to import')
    .setInputFiles({ name: 'tiny.tar', mimeType: 'application/x-tar', buffer: exported })
  await expect(row(page)).toContainText('3.2 MB')
  expect(await violations(page)).toEqual([])
})

/** What a button saves. */
async function saved(page: Page, button: Locator): Promise<Buffer> {
  const downloading = page.waitForEvent('download')
  await button.press('Enter')
  return readFile(await (await downloading).path())
}

test('an adapter of a hub is put on a model, picked, named with every result, kept over reload and restart, written, and deleted @slow', async ({
  page,
  watched,
}) => {
  await openPage(page)
  await page.getByRole('link', { name: 'Models' }).click()
  for (const name of [LORA, 'acme/mini-lora']) {
    await look(page, name)
    await expect(found(page)).toContainText('LoRA adapter, as published')
    await found(page).getByRole('button', { name: 'Download' }).press('Enter')
    await expect(row(page, name)).toContainText('Put it on')
  }
  asked(watched)
  await expect(row(page, LORA)).toContainText('for smallcap-t5-nano')
  await row(page, LORA).getByRole('button', { name: 'Put on' }).press('Enter')
  await expect(row(page, LORA)).toContainText('It fits nano')
  // The other is for mini, which is therefore what it is offered first.
  const other = row(page, 'acme/mini-lora')
  await expect(other.getByRole('combobox')).toHaveValue('smallcap-t5-mini')
  await other.getByRole('combobox').selectOption('nano')
  await expect(other).toContainText('made for smallcap-t5-mini, and nano is another model')
  await other.getByRole('button', { name: 'Put on' }).press('Enter')
  await expect(other.getByRole('alert')).toContainText('was made for a model of another size')
  expect(await violations(page)).toEqual([])

  await row(page, LORA).getByRole('button', { name: 'Use with nano' }).press('Enter')
  const adapter = page.getByRole('combobox', { name: 'Adapter' })
  await expect(adapter).toHaveValue(LORA)
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, new RegExp(`12 of 12.*nano fine-tuned with ${LORA}, int8`))
  expect(await violations(page)).toEqual([])
  const rows = (await saved(page, page.getByRole('button', { name: 'JSONL' }))).toString()
  const hash = sha256Of(lora.get('adapter_model.safetensors') ?? new Uint8Array())
  expect(JSON.parse(rows.split('\n')[0] ?? '')).toMatchObject({
    weights: LORA,
    weights_sha256: expect.stringMatching(new RegExp(`^[0-9a-f]{64}\\+${hash}$`)),
  })

  // Switched without a load, and there again in the next visit and in the next worker.
  await adapter.selectOption('finance')
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, /nano fine-tuned with finance/)
  await adapter.selectOption(LORA)
  await page.reload()
  await expect(adapter).toHaveValue(LORA)
  await page.getByRole('button', { name: 'Engine:' }).click()
  await page.getByRole('button', { name: 'Restart the engine' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Classify' }).first().click()
  await expectFacts(page, new RegExp(`12 of 12.*nano fine-tuned with ${LORA}`))

  await page.getByRole('link', { name: 'Models' }).click()
  await page.getByRole('combobox', { name: 'Weights' }).selectOption(LORA)
  await page.getByRole('radio', { name: 'the adapter by itself, for PEFT about' }).check()
  const tar = await saved(page, page.getByRole('button', { name: 'Save as one file' }))
  const names = (await unpackTar(new Uint8Array(tar))).map(({ header }) => header.name.split('/')[1])
  expect(names).toEqual(['adapter_config.json', 'adapter_model.safetensors'])
  await page.getByRole('radio', { name: 'ONNX folder' }).check()
  expect((await saved(page, page.getByRole('button', { name: 'Save as one file' }))).length).toBeGreaterThan(
    8e6,
  )

  for (let press = 0; press < 2; press += 1)
    await row(page, LORA).getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('link', { name: 'Classify' }).click()
  await expect(page.getByRole('radio', { name: 'fine-tuned' })).toBeChecked()
  await expect(adapter).toHaveCount(0)
  expect(watched.foreign).toEqual([])
})

test('what cannot be had says why, and nothing is stored', async ({ page, watched }) => {
  await openPage(page)
  await page.getByRole('link', { name: 'Models' }).click()
  await look(page, 'acme/secret')
  await expect(found(page)).toContainText(/licence|access/i)
  await look(page, 'acme/nothing')
  await expect(found(page).getByRole('alert')).toContainText('acme/nothing')
  expect(await violations(page)).toEqual([])
  await page
    .getByLabel('Model to import')
    .setInputFiles({ name: 'no.tar', mimeType: 'application/x-tar', buffer: Buffer.from('no tar at all') })
  await expect(page.getByRole('alert').first()).toContainText(/tar|export/i)
  await expect(page.getByText('No other model is stored in this browser yet')).toBeVisible()
  asked(watched)
  watched.complaints.length = 0
})

test('a folder of this device is stored without a network', async ({ page }) => {
  await openPage(page)
  await page.getByRole('link', { name: 'Models' }).click()
  await page.getByLabel('Folder of a model').setInputFiles('public/models/smallcap-t5-nano')
  await expect(found(page)).toContainText('T5, int8')
  await found(page).getByRole('button', { name: 'Store it' }).click()
  await expect(page.getByText(/from smallcap-t5-nano/)).toBeVisible()
})

const shared = '../shared/models'

for (const { folder, choice, facts, mode } of [
  { folder: 'smallcap-t5-nano', choice: 'T5, int8', facts: 'T5 · int8', mode: 'zero-shot' },
  { folder: 'smallcap-t5-nano', choice: 'T5, as published', facts: 'T5 · as published', mode: 'zero-shot' },
  { folder: 'smallcap-t5-nano/onnx-reference', choice: 'T5 in ONNX', facts: 'T5 in ONNX', mode: 'zero-shot' },
  {
    folder: 'minilm-finance-classifier',
    choice: 'encoder classifier',
    facts: 'encoder classifier · q8',
    mode: 'as trained',
  },
])
  test(`the published ${folder} runs as ${choice}${choice === 'encoder classifier' ? '' : ' @slow'}`, async ({
    page,
    watched,
  }) => {
    test.skip(!existsSync(`${shared}/${folder}`), `${shared}/${folder} is not there`)
    const published = await startHub([{ id: 'acme/published', files: readFolder(`${shared}/${folder}`) }])
    try {
      await openPage(page)
      await page.getByRole('link', { name: 'Models' }).click()
      await page.getByRole('textbox', { name: 'Repository' }).fill('acme/published')
      await page.getByRole('textbox', { name: 'Hub or mirror' }).fill(published.address)
      await page.keyboard.press('Enter')
      await found(page).getByRole('radio', { name: choice }).first().check()
      await found(page).getByRole('button', { name: 'Download' }).click()
      const stored = page.getByRole('group', { name: 'acme/published', exact: true })
      await expect(stored.getByRole('button', { name: 'Use', exact: true })).toBeVisible({ timeout: 30_000 })
      await expect(stored).toContainText(facts)
      await stored.getByRole('button', { name: 'Use', exact: true }).click()
      if (mode === 'zero-shot') await page.getByRole('radio', { name: mode }).check()
      await page.keyboard.press('Control+Enter')
      await expectFacts(page, new RegExp(`12 of 12.*acme/published.*${mode}`, 's'), 30_000)
    } finally {
      await published.close()
    }
    asked(watched)
  })
