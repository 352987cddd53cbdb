import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { Jobs } from '../../workers/engine/jobs'
import { createKeepingSource } from '../../workers/engine/keeping-source'
import type { ModelSource } from '../../workers/engine/model-source'
import { readModelFiles } from '../../workers/engine/read-model-files'
import type { KeptFiles } from '../../workers/kept/kept-files'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex')

const CONTENT = 'the weights'
const FILE = { path: 'model.safetensors', sizeBytes: CONTENT.length, sha256: sha256Of(CONTENT) }

/** A source that counts what is fetched from it, and a browser's storage. */
function surroundings(served: string, stored?: string) {
  const fetched: string[] = []
  const kept = new Map(stored === undefined ? [] : [[FILE.sha256, bytesOf(stored)]])
  const origin: ModelSource = {
    manifest: async (name) => ({ name, kind: 't5', parameters: 1, adapters: [], files: [FILE] }),
    read: async (_, { path }, { onBytes }) => {
      fetched.push(path)
      onBytes(served.length)
      return bytesOf(served)
    },
  }
  const used: [string, number][] = []
  const files: KeptFiles = {
    read: async (sha256) => kept.get(sha256),
    readManifest: async () => undefined,
    noteUse: async (model, time) => void used.push([model, time]),
    keep: async (_, all, fresh) => {
      expect(all).toEqual([FILE])
      for (const [sha256, bytes] of fresh) kept.set(sha256, new Uint8Array(bytes))
    },
  }
  const source = createKeepingSource(origin, files, () => 7)
  const load = () =>
    new Jobs(() => performance.now()).run('load', async (context) => {
      const read = await readModelFiles(source, 'nano', () => undefined, context)
      return new TextDecoder().decode(read.bytes(FILE.path))
    })
  return { fetched, kept, used, load }
}

it('fetches a file that was not kept, keeps it, and notes each use', async () => {
  const { fetched, kept, used, load } = surroundings(CONTENT)
  expect(await load()).toEqual({ ok: true, value: CONTENT })
  expect(await load()).toEqual({ ok: true, value: CONTENT })
  expect(fetched).toEqual([FILE.path])
  expect(used).toEqual([
    ['nano', 7],
    ['nano', 7],
  ])
  expect([...kept.keys()]).toEqual([FILE.sha256])
})

it.each([
  ['changed', 'the weighty'],
  ['shortened', 'the w'],
  ['empty', ''],
])('fetches a kept file again that was %s, and keeps it whole', async (_, stored) => {
  const { fetched, kept, load } = surroundings(CONTENT, stored)
  expect(await load()).toEqual({ ok: true, value: CONTENT })
  expect(fetched).toEqual([FILE.path])
  expect(kept.get(FILE.sha256)).toEqual(bytesOf(CONTENT))
})

it('neither uses nor keeps what is not what was announced', async () => {
  const { kept, load } = surroundings('other weight')
  expect(await load()).toMatchObject({ ok: false, error: { code: 'invalid-model' } })
  expect(kept.size).toBe(0)
})
