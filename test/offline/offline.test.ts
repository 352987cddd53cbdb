import { describe, expect, it, vi } from 'vitest'
import { startOffline, type OfflinePage } from '../../src/offline/offline'
import { fakeBrowser } from './fake-browser'

function fakePage(isUntouched = true) {
  const offered: (() => Promise<void>)[] = []
  const done: string[] = []
  const page: OfflinePage = {
    script: 'https://here/assets/index-1.js',
    isUntouched: () => isUntouched,
    needsGpu: () => false,
    offer: (take) => offered.push(take),
    keepWork: async () => {
      done.push('work is kept')
    },
  }
  return { page, offered, done }
}

/** Lets all that waits for nothing else happen. */
const settle = () => new Promise((resolve) => setTimeout(resolve))

/** Starts, and has the first version installed and at work, as in a first visit. */
async function firstVisit(told: Parameters<typeof fakeBrowser>[0] = {}, isUntouched = true) {
  const here = { ...fakeBrowser(told), ...fakePage(isUntouched) }
  here.registration.find()
  const started = startOffline(here.browser, here.page)
  await settle()
  here.registration.install()
  here.registration.activate()
  here.container.control('the service worker')
  await settle()
  return { ...here, started }
}

describe('a first visit', () => {
  it('is reloaded once where no headers came and nothing was touched', async () => {
    const { reloads, offered } = await firstVisit()
    expect(reloads()).toBe(1)
    expect(offered).toHaveLength(0)
  })

  it.each([
    ['headers came', { isIsolated: true }, true],
    ['the page was touched', {}, false],
    ['it was reloaded before', { wasReloaded: true }, true],
  ])('is left alone where %s', async (_, told, isUntouched) => {
    const { reloads, started } = await firstVisit(told, isUntouched)
    await started
    expect(reloads()).toBe(0)
  })

  it('goes on as it is where the browser refuses a service worker, or its installation fails', async () => {
    const refusing = { ...fakeBrowser(), ...fakePage() }
    refusing.container.isRefusing = true
    const offline = await startOffline(refusing.browser, refusing.page)
    await offline.fill()
    const failing = { ...fakeBrowser(), ...fakePage() }
    const worker = failing.registration.find()
    const started = startOffline(failing.browser, failing.page)
    await settle()
    worker.become('redundant')
    await started
    expect(refusing.reloads() + failing.reloads()).toBe(0)
  })

  it('holds a lock that names its version, and has the rest kept when asked', async () => {
    const { locks, started, registration } = await firstVisit({ isIsolated: true })
    expect(locks).toEqual(['smallcap page https://here/assets/index-1.js'])
    await (await started).fill()
    expect(registration.active?.heard).toEqual([{ kind: 'fill', needsGpu: false }])
  })
})

describe('a new version', () => {
  it('is offered once it waits; taken, it takes over after all work is kept, and the page is reloaded', async () => {
    const here = await firstVisit({ isIsolated: true })
    await here.started
    const worker = here.registration.find()
    await settle()
    expect(here.offered).toHaveLength(0)
    here.registration.install()
    await settle()
    expect(here.offered).toHaveLength(1)
    const taking = here.offered[0]?.()
    await vi.waitFor(() => expect(worker.heard).toEqual([{ kind: 'take-over' }]))
    expect(here.done).toEqual(['work is kept'])
    expect(here.reloads()).toBe(0)
    here.registration.activate()
    await taking
    expect(here.reloads()).toBe(1)
  })

  it('that waited before this visit is offered at once', async () => {
    const here = { ...fakeBrowser({ isIsolated: true }), ...fakePage() }
    here.registration.find()
    here.registration.install()
    here.registration.activate()
    here.registration.find()
    here.registration.install()
    here.container.controller = 'the old one'
    await startOffline(here.browser, here.page)
    await settle()
    expect(here.offered).toHaveLength(1)
  })

  it('that another tab took is offered, not forced on this one', async () => {
    const here = await firstVisit({ isIsolated: true })
    await here.started
    here.registration.find()
    here.registration.install()
    here.registration.activate()
    here.container.control('the new one')
    await settle()
    expect(here.reloads()).toBe(0)
    await here.offered.at(-1)?.()
    expect(here.reloads()).toBe(1)
  })
})
