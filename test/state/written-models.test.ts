import { expect, it } from 'vitest'
import { failure, success } from '../../src/domain/outcome'
import { WrittenModels } from '../../src/state/written-models.svelte'
import type { EngineClient } from '../../src/engine/engine-client'
import { createFakeEngine } from '../support/fake-engine'
import { textOfBlob } from '../support/text-of-blob'

const request = { model: 'hub:acme/t5@1', adapter: 'acme/lora', layout: 'onnx' } as const
const bytes = (text: string) => new TextEncoder().encode(text)

/** Packs by listing what it is to pack. */
async function pack(files: ReadonlyMap<string, Blob>): Promise<Blob> {
  const told = [...files].map(async ([path, file]) => `${path}: ${await textOfBlob(file)}`)
  return new Blob([(await Promise.all(told)).join('\n')])
}

const setUp = (exportModel: EngineClient['exportModel']) =>
  new WrittenModels({ engine: { ...createFakeEngine(), exportModel }, pack })

it('joins the pieces of each file below one folder, and tells how far it is', async () => {
  const seen: unknown[] = []
  const written = setUp(async (_, { onPiece }) => {
    onPiece({ path: 'config.json', bytes: bytes('{}') })
    onPiece({ path: 'onnx/a.onnx', bytes: bytes('one ') })
    seen.push(written.status)
    onPiece({ path: 'onnx/a.onnx', bytes: bytes('two') })
    return success(undefined)
  })
  const made = await written.write(request, 10)
  const folder = 'hub-acme-t5-1-acme-lora-onnx'
  expect(seen).toEqual([{ kind: 'writing', doneBytes: 6, totalBytes: 10 }])
  expect(made?.name).toBe(`${folder}.tar`)
  expect(await textOfBlob(made?.file)).toBe(`${folder}/config.json: {}\n${folder}/onnx/a.onnx: one two`)
  expect(written.status).toMatchObject({ kind: 'done', name: `${folder}.tar` })
})

it('gives nothing where it failed, and says why', async () => {
  const error = { code: 'invalid-request', message: 'Too large.' } as const
  const written = setUp(async () => failure(error))
  expect(await written.write(request, 10)).toBeUndefined()
  expect(written.status).toEqual({ kind: 'failed', error })
})

it('gives nothing where it was stopped, and stops the engine', async () => {
  let end: (() => void) | undefined
  let isAborted: boolean | undefined
  const written = setUp(async (_, { signal }) => {
    await new Promise<void>((resolve) => (end = resolve))
    isAborted = signal?.aborted
    return failure({ code: 'cancelled', message: 'Stopped.' })
  })
  const making = written.write(request, 10)
  written.stop()
  expect(written.status).toEqual({ kind: 'idle' })
  end?.()
  expect(await making).toBeUndefined()
  expect(isAborted).toBe(true)
  expect(written.status).toEqual({ kind: 'idle' })
})
