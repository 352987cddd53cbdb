import type { TabChannel } from '../../src/state/labelling/label-journal.svelte'

/** Channels between tabs of one browser, in one place; what is sent arrives later, as a copy, in all tabs but its own. */
export function tabChannels(): (name: string) => TabChannel {
  const byName = new Map<string, () => TabChannel>()
  return (name) => {
    const open = byName.get(name) ?? oneChannel()
    byName.set(name, open)
    return open()
  }
}

function oneChannel(): () => TabChannel {
  const open = new Set<(message: unknown) => void>()
  return () => {
    const own = new Set<(message: unknown) => void>()
    return {
      send: (message) => {
        const others = [...open].filter((listener) => !own.has(listener))
        queueMicrotask(() => {
          for (const listener of others) listener(structuredClone(message))
        })
      },
      listen: (listener) => {
        own.add(listener)
        open.add(listener)
      },
      close: () => {
        for (const listener of own) open.delete(listener)
      },
    }
  }
}
