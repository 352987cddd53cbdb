import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openDatabase, type UseStore } from '../../workers/kept/database'
import { openKeptFiles } from '../../workers/kept/kept-files'
import type { WantedFile } from '../../workers/store/records'
import { StoredModels } from '../../workers/store/stored-models'
import { takeFile, type Piece } from '../../workers/store/take-file'
import { gitHashOf, sha256Of } from '../hub/repository'
import { everyOther, everyOtherOf } from './every-other'
import { noise } from './models'

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
})

class Crash extends Error {}

/** The database until so many changes were made; then the tab is gone. */
function dyingAfter(changes: number): UseStore {
  const database = openDatabase()
  let left = changes
  return (mode, use) => {
    if (mode === 'readwrite' && (left -= 1) < 0) return Promise.reject(new Crash())
    return database(mode, use)
  }
}

const model = 'hub:someone/t5@1:t5-halved'

async function begin(file: WantedFile): Promise<void> {
  await new StoredModels(openDatabase()).begin(model, {
    name: 'someone/t5',
    origin: { kind: 'page' },
    kind: 't5',
    isPack: false,
    adapters: [],
    numberFormat: 'halved',
    addedAt: 0,
    files: [file],
    isComplete: false,
    isPaused: false,
    isDamaged: false,
  })
}

/** Gives `bytes` in pieces of the lengths of `lengths`, which are repeated. */
const inPieces = (bytes: Uint8Array<ArrayBuffer>, lengths: readonly number[]) =>
  async function* (_: unknown, offset: number): AsyncGenerator<Piece> {
    for (let turn = 0; offset < bytes.length; turn += 1) {
      const piece = bytes.slice(offset, offset + (lengths[turn % lengths.length] ?? 1))
      yield { offset, bytes: piece }
      offset += piece.length
    }
  }

interface Ordeal {
  readonly size: number
  readonly lengths: readonly number[]
  /** After how many changes of the database each attempt dies; the one after them is left alone. */
  readonly deaths: readonly number[]
  readonly rowBytes: number | undefined
  readonly hash: 'sha256' | 'git' | undefined
}

const ordeals = fc.record({
  size: fc.integer({ min: 0, max: 3_000 }),
  lengths: fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 4 }),
  deaths: fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 4 }),
  rowBytes: fc.option(fc.integer({ min: 1, max: 700 }), { nil: undefined }),
  hash: fc.constantFrom('sha256', 'git', undefined),
})

/** Takes a file through an ordeal. @param spoil changes the bytes that one attempt sees */
async function take(
  { size, lengths, deaths, rowBytes, hash }: Ordeal,
  spoil: (bytes: Uint8Array<ArrayBuffer>, attempt: number) => Uint8Array<ArrayBuffer> = (bytes) => bytes,
) {
  const bytes = noise(size, 'source')
  const conversion = rowBytes === undefined ? undefined : everyOther(rowBytes)
  const file: WantedFile = {
    path: conversion?.resultPath('model.safetensors') ?? 'model.safetensors',
    source: {
      path: 'model.safetensors',
      sizeBytes: size,
      ...(hash && { hash: { kind: hash, hex: hash === 'git' ? gitHashOf(bytes) : sha256Of(bytes) } }),
    },
    sizeBytes: size,
  }
  await begin(file)
  const expected = conversion ? everyOtherOf(bytes) : bytes
  let failure: unknown
  for (const [attempt, changes] of [...deaths, Infinity].entries()) {
    const parts = {
      database: dyingAfter(changes),
      model,
      pieces: inPieces(spoil(bytes, attempt), lengths),
      ...(conversion && { conversion }),
      readStored: () => Promise.reject(new Error('not needed')),
      onLost: () => undefined,
    }
    failure = await takeFile(parts, file).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (!(failure instanceof Crash)) break
  }
  return { failure, expected }
}

const hashInRecord = async () => (await new StoredModels(openDatabase()).find(model))?.files[0]?.sha256

describe('a file that is taken, converted or as it is, cut anywhere, by a tab that dies anywhere', () => {
  it('is stored whole, under its own hash', async () => {
    await fc.assert(
      fc.asyncProperty(ordeals, async (ordeal) => {
        vi.stubGlobal('indexedDB', new IDBFactory())
        const { failure, expected } = await take(ordeal)
        expect(failure).toBeUndefined()
        expect(await hashInRecord()).toBe(sha256Of(expected))
        expect(await openKeptFiles().read(sha256Of(expected))).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })

  it('is never stored when any byte of any attempt was another than was published', async () => {
    const spoilt = fc
      .tuple(ordeals, fc.nat(), fc.nat(4))
      .filter(([{ size, hash }]) => size > 0 && hash !== undefined)
    await fc.assert(
      fc.asyncProperty(spoilt, async ([ordeal, position, when]) => {
        vi.stubGlobal('indexedDB', new IDBFactory())
        const { failure, expected } = await take(ordeal, (bytes, attempt) =>
          attempt === when ? bytes.with(position % bytes.length, bytes[position % bytes.length]! ^ 4) : bytes,
        )
        if (failure === undefined) {
          // The attempt that met the changed byte died before it was stored, or there was no such attempt.
          expect(await openKeptFiles().read(sha256Of(expected))).toEqual(expected)
          expect(await hashInRecord()).toBe(sha256Of(expected))
        } else {
          expect(failure).toMatchObject({ code: 'wrong-hash' })
          expect(await hashInRecord()).toBeUndefined()
          expect(await openKeptFiles().read(sha256Of(expected))).toBeUndefined()
        }
      }),
      { numRuns: 150 },
    )
  })
})

it('a source that begins anew is hashed and converted anew', async () => {
  const bytes = noise(2_000, 'source')
  const file: WantedFile = {
    path: 'a.bin',
    source: { path: 'a.bin', sizeBytes: 2_000, hash: { kind: 'sha256', hex: sha256Of(bytes) } },
    sizeBytes: 2_000,
  }
  await begin(file)
  let lost = 0
  await takeFile(
    {
      database: openDatabase(),
      model,
      async *pieces() {
        yield { offset: 0, bytes: bytes.slice(0, 700) }
        yield { offset: 700, bytes: bytes.slice(700, 1_300) }
        yield { offset: 0, bytes: bytes.slice(0, 1_000) }
        yield { offset: 1_000, bytes: bytes.slice(1_000) }
      },
      readStored: () => Promise.reject(new Error('not needed')),
      onLost: (count) => {
        lost += count
      },
    },
    file,
  )
  expect(lost).toBe(1_300)
  expect(await openKeptFiles().read(sha256Of(bytes))).toEqual(bytes)
})
