/** The built store and engine workers, driven from a bare page of the app's origin; the app's own page shows nothing of them here. */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { CDPSession, Page } from '@playwright/test'
import type * as ComlinkModule from 'comlink'
import type { Engine } from '../../src/engine/contract'
import type { Store, StoredModel, StoreError, StoreProgress } from '../../src/store/contract'

interface StoreInPage {
  readonly store: ComlinkModule.Remote<Store>
  /** Starts another built engine worker. */
  readonly startEngine: () => ComlinkModule.Remote<Engine>
  /** Of the download under way. */
  progress: StoreProgress | undefined
  onProgress: (progress: StoreProgress) => void
  /** How it ended. */
  error: StoreError | undefined
  isEnded: boolean
}

declare global {
  /** In the page, where it is evaluated. */
  var Comlink: typeof ComlinkModule
  var inPage: StoreInPage
}

const comlink = readFileSync(createRequire(import.meta.url).resolve('comlink/dist/umd/comlink.js'), 'utf8')

/** The address of a built worker's script. */
export function workerAddress(stem: 'store' | 'engine'): string {
  const name = readdirSync('dist/assets').find(
    (file) => file.startsWith(`${stem}.worker-`) && file.endsWith('.js'),
  )
  if (name === undefined) throw new Error(`The ${stem} worker is not in the build.`)
  return `/assets/${name}`
}

/** Opens a page that shows nothing and starts the built store worker. */
export async function openStorePage(page: Page): Promise<void> {
  await page.goto('/favicon.svg')
  // The page's policy has no say in what a debugger evaluates.
  await page.evaluate(comlink)
  // What esbuild calls in functions that it keeps the names of, where this is run without Playwright's own compiler.
  await page.evaluate('globalThis.__name ??= (named) => named')
  await page.evaluate(
    ([store, engine]) => {
      const start = (script: string) =>
        new Worker(script, { type: 'module', name: `of a test ${Math.random()}` })
      const inPage: StoreInPage = {
        store: globalThis.Comlink.wrap<Store>(start(store)),
        startEngine: () => globalThis.Comlink.wrap<Engine>(start(engine)),
        progress: undefined,
        onProgress: globalThis.Comlink.proxy((progress) => {
          inPage.progress = progress
        }),
        error: undefined,
        isEnded: false,
      }
      Object.assign(globalThis, { inPage })
    },
    [workerAddress('store'), workerAddress('engine')] as const,
  )
}

/** Begins the download of a repository in a number format, or goes on with it; answers with the model's id. */
export const beginDownload = (
  page: Page,
  hub: string,
  repository: string,
  // What is noise cannot be converted.
  format = 'as published',
): Promise<string> =>
  page.evaluate(
    async ([base, name, wanted]) => {
      const { inPage } = globalThis
      const found = await inPage.store.inspect('inspect', { kind: 'hub', repository: name, base })
      const choices = found.ok ? found.value.choices : []
      const choice = choices.find(({ numberFormat }) => numberFormat === wanted) ?? choices[0]
      if (!found.ok || !choice) throw new Error(found.ok ? found.value.unusable : found.error.message)
      inPage.isEnded = false
      void inPage.store.download({ inspection: found.value, choice }, inPage.onProgress).then((outcome) => {
        inPage.error = outcome.ok ? undefined : outcome.error
        inPage.isEnded = true
      })
      return choice.model
    },
    [hub, repository, format] as const,
  )

/** Waits until so much of the download under way has come, from 0 to 1. */
export async function waitForShare(page: Page, share: number, timeoutMs = 30_000): Promise<void> {
  const hasCome = (least: number) => {
    const { progress, isEnded } = globalThis.inPage
    return isEnded || (progress !== undefined && progress.doneBytes >= least * progress.totalBytes)
  }
  await page.waitForFunction(hasCome, share, { polling: 10, timeout: timeoutMs })
}

/** How the download under way ended: undefined when all went well. */
export async function endOfDownload(page: Page, timeoutMs = 30_000): Promise<StoreError | undefined> {
  await page.waitForFunction(() => globalThis.inPage.isEnded, undefined, { polling: 20, timeout: timeoutMs })
  return page.evaluate(() => globalThis.inPage.error)
}

export const listModels = (page: Page): Promise<readonly StoredModel[]> =>
  page.evaluate(async () => {
    const listed = await globalThis.inPage.store.list()
    if (!listed.ok) throw new Error(listed.error.message)
    return listed.value
  })

/** Reads all bytes again: paths of damaged files. */
export const verifyModel = (page: Page, model: string): Promise<readonly string[]> =>
  page.evaluate(async (id) => {
    const verified = await globalThis.inPage.store.verify('verify', id, globalThis.inPage.onProgress)
    if (!verified.ok) throw new Error(verified.error.message)
    return verified.value.damaged
  }, model)

/** SHA-256 of the files of a complete model, by their paths. */
export const hashesOf = (page: Page, model: string): Promise<Readonly<Record<string, string>>> =>
  page.evaluate(async (id) => {
    const manifest = await new Promise<unknown>((resolve, reject) => {
      const opening = indexedDB.open('smallcap-models')
      opening.onerror = () => reject(new Error('the database refused'))
      opening.onsuccess = () => {
        const reading = opening.result.transaction('files').objectStore('files').get(`manifest/${id}`)
        reading.onsuccess = () => resolve(reading.result)
      }
    })
    const { files } = JSON.parse(String(manifest)) as { files: { path: string; sha256: string }[] }
    return Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256]))
  }, model)

/** Loads a stored model in a fresh engine and classifies a text; the label's place, or the error's code. */
export const classifyWith = (page: Page, model: string, text: string): Promise<string> =>
  page.evaluate(
    async ([id, asked]) => {
      const engine = globalThis.inPage.startEngine()
      const nothing = globalThis.Comlink.proxy(() => undefined)
      const loaded = await engine.load('load', { model: id, numberFormat: 'int8' }, nothing)
      if (!loaded.ok) return loaded.error.code
      const { task } = loaded.value
      let best = ''
      const onResults = globalThis.Comlink.proxy(
        (results: readonly { probabilities: readonly number[] }[]) => {
          const probabilities = results[0]?.probabilities ?? []
          best = task.labels[probabilities.indexOf(Math.max(...probabilities))]?.id ?? ''
        },
      )
      const mode = { kind: 'fine-tuned', adapter: 'finance' } as const
      const run = await engine.classify('run', { model: id, task, mode, texts: [asked] }, onResults)
      return run.ok ? best : run.error.code
    },
    [model, text] as const,
  )

/** Ends the page's process as a crash does. */
export async function crash(page: Page): Promise<void> {
  const session: CDPSession = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  void session.send('Page.crash').catch(() => undefined)
  await crashed
  await page.close()
}

/** Changes a byte of every stored chunk that is longer than `leastBytes`, at a place between 0 and 1. */
export const spoilChunks = (page: Page, leastBytes: number, place: number): Promise<number> =>
  page.evaluate(
    async ([least, share]) => {
      const settled = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(new Error('the database refused'))
        })
      const database = await settled(indexedDB.open('smallcap-models'))
      const files = () => database.transaction('files', 'readwrite').objectStore('files')
      let spoilt = 0
      for (const key of await settled(files().getAllKeys())) {
        const value: unknown = await settled<unknown>(files().get(key))
        if (!(value instanceof Blob) || value.size < least) continue
        const bytes = new Uint8Array(await value.arrayBuffer())
        const at = Math.floor(share * bytes.length)
        bytes[at] = (bytes[at] ?? 0) ^ 16
        await settled(files().put(new Blob([bytes]), key))
        spoilt += 1
      }
      database.close()
      return spoilt
    },
    [leastBytes, place] as const,
  )
