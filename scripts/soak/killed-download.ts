/** Kills the tab at random points while a model of flan-t5-base's shapes is downloaded and made int8, and compares what came of it. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom } from '../../src/domain/random'
import {
  beginDownload,
  crash,
  endOfDownload,
  hashesOf,
  openStorePage,
  verifyModel,
  waitForShare,
} from '../../test/browser/store-page'
import { startHub } from '../../test/hub/hub'
import { readFolder } from '../../test/hub/repository'
import { CHUNK_BYTES } from '../../workers/kept/database'
import { PACK_CONVERSIONS } from '../../workers/store/pack-conversions'
import { writeBaseCheckpoint } from '../bench/base-checkpoint'
import { SoakFailure } from './exported'
import type { Site } from './fault-runs'

const REPOSITORY = 'someone/base'
const FORMAT = 'int8'
const WEIGHTS = 'model.safetensors'
/** A machine that is busy otherwise takes its time for a gigabyte. */
const patienceMs = 600_000

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>

/** Answers how much failed. */
export async function killedDownload(site: Site, kills: number, seed: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'smallcap-kills-'))
  try {
    const source = join(folder, 'base')
    const sizeBytes = await writeBaseCheckpoint(source)
    const files = readFolder(source)
    const startedAt = performance.now()
    const name = `a download of ${megabytes(sizeBytes)} whose tab died ${kills} times`
    try {
      const told = await undergo(site, files, kills, seed)
      site.say(`ok      ${name}: ${told} (${((performance.now() - startedAt) / 1000).toFixed(0)} s)`)
      return 0
    } catch (error) {
      site.say(`FAILED  ${name}: ${error instanceof SoakFailure ? error.message : String(error)}`)
      return 1
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function undergo(
  { browser, address }: Site,
  files: Files,
  kills: number,
  seed: number,
): Promise<string> {
  const hub = await startHub([{ id: REPOSITORY, files }])
  const context = await browser.newContext({ baseURL: address })
  const open = async () => {
    const page = await context.newPage()
    await openStorePage(page)
    return page
  }
  try {
    const random = createRandom(seed)
    const points = Array.from({ length: kills }, random).sort((a, b) => a - b)
    for (const point of points) {
      const page = await open()
      await beginDownload(page, hub.address, REPOSITORY, FORMAT)
      await waitForShare(page, point, patienceMs)
      await crash(page)
    }
    const page = await open()
    const id = await beginDownload(page, hub.address, REPOSITORY, FORMAT)
    const error = await endOfDownload(page, patienceMs)
    if (error) throw new SoakFailure(error.message)
    const damaged = await verifyModel(page, id)
    if (damaged.length > 0) throw new SoakFailure(`${damaged.join(', ')} is damaged.`)
    const found = (await hashesOf(page, id))[`model.${FORMAT}.safetensors`]
    const expected = await convertedHash(files)
    if (found !== expected) throw new SoakFailure(`its weights are ${String(found)}, not ${expected}.`)
    const wholeBytes = [...files.values()].reduce((sum, { length }) => sum + length, 0)
    const again = (hub.sentBytes() - wholeBytes) / Math.max(1, kills)
    return (
      `the int8 weights are byte by byte those of an undisturbed conversion; ${megabytes(again)} were sent again ` +
      `for each death (a chunk has ${megabytes(CHUNK_BYTES)})`
    )
  } finally {
    await context.close()
    await hub.close()
  }
}

/** SHA-256 of the weights as the same code makes them of them in one go. */
async function convertedHash(files: Files): Promise<string> {
  const conversion = PACK_CONVERSIONS.find(({ numberFormat }) => numberFormat === FORMAT)
  const weights = files.get(WEIGHTS)
  if (!conversion || !weights) throw new Error('There is no such conversion')
  const read = (path: string) => Promise.resolve(files.get(path) ?? new Uint8Array())
  const stream = await conversion.start({ path: WEIGHTS, sizeBytes: weights.length, read }, undefined)
  const hash = createHash('sha256')
  for (let start = 0; start < weights.length; start += CHUNK_BYTES)
    for (const piece of stream.push(weights.subarray(start, start + CHUNK_BYTES))) hash.update(piece)
  for (const piece of stream.finish()) hash.update(piece)
  return hash.digest('hex')
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`
