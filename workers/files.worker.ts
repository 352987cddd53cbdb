/** The files worker: sees text, reaches nothing. */
import { expose } from 'comlink'
import { createFiles } from './files/files'
import type { Files } from '../src/files/contract'

const files = createFiles(() => performance.now())

// [Note: Telling that a worker died]: held for as long as this worker lives, and asked for by the page.
const isHeld = new Promise<void>((resolve) => {
  void navigator.locks.request(self.name, () => {
    resolve()
    return new Promise(() => undefined)
  })
})

// Exposed at once: a message that arrived before would be lost.
expose({
  ...files,
  open: async (...request) => {
    await isHeld
    return files.open(...request)
  },
  read: async (...request) => {
    await isHeld
    return files.read(...request)
  },
} satisfies Files)
