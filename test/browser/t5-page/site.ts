import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, Worker } from '@playwright/test'
import { buildWorkerPage } from '../../../scripts/bench/site'
import { convertModel } from '../../../scripts/convert/convert-model'
import { createStaticServer, listen } from '../../../scripts/setup/server.mjs'

const host = '127.0.0.1'
const originals = resolve('../shared/models')

/** Whether mini's weights in fp32 lie beside the checkout. */
export const hasOriginals = existsSync(join(originals, 'smallcap-t5-mini/model.safetensors'))

export interface T5Site {
  readonly address: string
  close(): Promise<void>
}

/** Builds and serves the worker's page with the fixtures, our packs, and nano in 4 bits. */
export async function serveT5Site(): Promise<T5Site> {
  const folder = await mkdtemp(join(tmpdir(), 'smallcap-t5-'))
  await buildWorkerPage(resolve('test/browser/t5-page'), folder)
  await symlink(resolve('test/fixtures'), join(folder, 'fixtures'))
  await symlink(resolve('public/models'), join(folder, 'packs'))
  if (hasOriginals) await symlink(originals, join(folder, 'originals'))
  const source = join(folder, 'nano')
  await cp(resolve('test/fixtures/nano-fp32'), source, { recursive: true })
  await cp(resolve('public/models/smallcap-t5-nano/task.json'), join(source, 'task.json'))
  await mkdir(join(folder, 'made'))
  await convertModel({ source, out: join(folder, 'made/nano-int4'), format: 'int4' })
  // The server knows only the files that are there when it starts.
  const server = createStaticServer(folder)
  const address = `http://${host}:${await listen(server, 0, host)}/`
  return {
    address,
    async close() {
      server.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Opens the page and resolves to its worker once it can be asked. */
export async function openWorker(browser: Browser, { address }: T5Site): Promise<Worker> {
  const page = await browser.newPage()
  const started = page.waitForEvent('worker')
  await page.goto(address)
  const worker = await started
  await worker.evaluate(async () => {
    while (!('t5' in globalThis)) await new Promise((resolve) => setTimeout(resolve, 5))
  })
  return worker
}
