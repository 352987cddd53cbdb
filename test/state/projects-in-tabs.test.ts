import { describe, expect, it, vi } from 'vitest'
import { composeProjects } from '../support/compose-page'
import { MemoryStore } from '../support/memory-store'
import { names, openName, TASK } from '../support/projects'
import { tabChannels } from '../support/tab-channel'

/** Tabs of one browser: one store, and channels on which each hears the others. */
function openTabs() {
  const store = new MemoryStore()
  const openChannel = tabChannels()
  return { store, openTab: () => composeProjects({ store, openChannel }) }
}

describe('two tabs', () => {
  it('hear of each other’s projects', async () => {
    const { openTab } = openTabs()
    const [one, other] = [await openTab(), await openTab()]
    await one.create('New here')
    await vi.waitFor(() => expect(names(other)).toEqual(['My texts', 'New here']))
    expect(openName(other)).toBe('My texts')
  })

  it('change different things of one project without losing any', async () => {
    const { openTab } = openTabs()
    const [one, other] = [await openTab(), await openTab()]
    await Promise.all([
      one.list.change('first', { name: 'Renamed' }),
      other.list.change('first', { guidelines: 'Short.' }),
      one.list.change('first', { task: TASK }),
    ])
    await vi.waitFor(() => {
      for (const { current } of [one, other])
        expect(current.project.head).toMatchObject({ name: 'Renamed', guidelines: 'Short.', task: TASK })
    })
  })

  it('go on in another project where one removed what the other has open', async () => {
    const { openTab, store } = openTabs()
    const [one, other] = [await openTab(), await openTab()]
    await one.create('Short-lived')
    const { slot } = one.current.project
    await vi.waitFor(() => expect(other.list.find(slot)).toBeDefined())
    await other.open(slot)
    await one.remove(slot)
    await vi.waitFor(() => expect([openName(other), other.work]).toEqual(['My texts', undefined]))
    expect(other.current.notes.sentences).toEqual(['Short-lived was deleted in another tab.'])
    await vi.waitFor(() => expect([...store.records.keys()].filter((key) => key.includes(slot))).toEqual([]))
  })
})
