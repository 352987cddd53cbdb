import { readFile } from 'node:fs/promises'
import type { Browser } from '@playwright/test'

type ProcessKind = 'renderer' | 'GPU'

/** Often enough to meet the peak of loading a small model. */
const sampleEveryMs = 20

/** The proportional set size in an smaps_rollup file, in bytes; undefined where there is none. */
export const pssBytes = (rollup: string): number | undefined => bytesOf(rollup, 'Pss')

/**
 * The part of it that lies in no file, in bytes. The rest is Chromium's own code, of which a process has the larger a share the
 * fewer browsers run, and so no measure of what a page does.
 */
export function ownBytes(rollup: string): number | undefined {
  const anonymous = bytesOf(rollup, 'Pss_Anon')
  const shared = bytesOf(rollup, 'Pss_Shmem')
  return anonymous === undefined || shared === undefined ? undefined : anonymous + shared
}

function bytesOf(rollup: string, name: string): number | undefined {
  const digits = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]
  return digits === undefined ? undefined : Number(digits) * 1024
}

/** PSS of the largest renderer of a browser; undefined where the system does not tell (only Linux does). */
export const rendererBytes = (browser: Browser): Promise<number | undefined> =>
  processBytes(browser, 'renderer', pssBytes)

/**
 * What the largest process of a kind has of its own. `GPU` is the one that holds what lies on the graphics device, and computes
 * it where there is none.
 */
export const ownProcessBytes = (browser: Browser, kind: ProcessKind): Promise<number | undefined> =>
  processBytes(browser, kind, ownBytes)

async function processBytes(
  browser: Browser,
  kind: ProcessKind,
  read: (rollup: string) => number | undefined,
): Promise<number | undefined> {
  const session = await browser.newBrowserCDPSession()
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const ofKind = processInfo.filter(({ type }) => type === kind)
    const sizes = await Promise.all(
      ofKind.map(({ id }) => readFile(`/proc/${id}/smaps_rollup`, 'utf8').then(read, () => undefined)),
    )
    return sizes.reduce((most, size) => (size === undefined ? most : Math.max(most ?? 0, size)), undefined)
  } finally {
    await session.detach()
  }
}

/** Runs some work and resolves to the highest PSS seen meanwhile. */
export async function peakDuring(
  browser: Browser,
  work: () => Promise<unknown>,
): Promise<number | undefined> {
  let peak = await rendererBytes(browser)
  let isDone = false
  const sampling = async () => {
    while (!isDone) {
      const size = await rendererBytes(browser)
      if (size !== undefined) peak = Math.max(peak ?? 0, size)
      await new Promise((resolve) => setTimeout(resolve, sampleEveryMs))
    }
  }
  const sampled = sampling()
  try {
    await work()
  } finally {
    isDone = true
    await sampled
  }
  return peak
}
