import type {
  Inspection,
  ModelChoice,
  ModelOrigin,
  ModelPlace,
  PickedFile,
  PublishedFile,
} from '../../src/store/contract'
import { DEFAULT_HUB } from '../../src/store/contract'
import { CHUNK_BYTES } from '../kept/database'
import type { Conversion } from './conversion'
import { fingerprint } from './fingerprint'
import { readRepository } from './hub/facts'
import { findModel } from './hub/find-model'
import { createHubPieces } from './hub/hub-pieces'
import type { Network } from './hub/network'
import { brief, type AskOptions } from './hub/patience'
import { createPickedPieces } from './picked-pieces'
import { readSmall } from './read-small'
import { recognise } from './recognise'
import type { Recipe, Recognised } from './recognise/recognised'
import type { Pieces } from './take-file'

/** Says what is at a place and how it could be taken. @throws StoreFailure, or the signal's reason */
export async function inspect(
  place: ModelPlace,
  network: Network,
  conversions: readonly Conversion[],
  signal: AbortSignal,
): Promise<Inspection> {
  const nothing = () => undefined
  const look = (files: readonly PublishedFile[], pieces: Pieces): Promise<Recognised> =>
    recognise(files, (file) => readSmall(pieces, file), conversions)
  if (place.kind === 'files') {
    const picked = withoutFolder(place.files)
    const files = picked.map(({ path, file }) => ({ path, sizeBytes: file.size }))
    const found = await look(files, createPickedPieces(picked, signal, CHUNK_BYTES, nothing))
    return describe({ kind: 'files', name: place.name }, { name: place.name, files }, found, picked)
  }
  const options: AskOptions = {
    network,
    signal,
    limits: brief,
    chunkBytes: CHUNK_BYTES,
    onBytes: nothing,
    onTrouble: nothing,
  }
  const repository = readRepository(place.repository, place.revision, place.base)
  const { origin, ...about } = await findModel(repository, options)
  return describe(origin, about, await look(about.files, createHubPieces(origin, options)))
}

async function describe(
  origin: ModelOrigin,
  about: Pick<Inspection, 'name' | 'licence' | 'parameters' | 'files'>,
  found: Recognised,
  picked: readonly PickedFile[] = [],
): Promise<Inspection> {
  const printOf = fingerprints(picked)
  const { choices, displayName, ...more } = found
  return {
    ...about,
    ...more,
    origin,
    // A hub's own name says where it is; a folder's may be anything.
    name: (origin.kind === 'files' ? displayName : undefined) ?? about.name,
    choices: await Promise.all(
      choices.map(async (choice): Promise<ModelChoice> => ({
        ...choice,
        model: await modelIdOf(origin, choice, printOf),
      })),
    ),
  }
}

/** Of files that have no published hash; each is read once. */
function fingerprints(picked: readonly PickedFile[]): PrintOf {
  const prints = new Map<string, Promise<string>>()
  const byPath = new Map(picked.map(({ path, file }) => [path, file]))
  return ({ path, hash }) => {
    const file = byPath.get(path)
    if (hash || !file) return Promise.resolve(hash?.hex ?? '')
    const print = prints.get(path) ?? fingerprint(file)
    prints.set(path, print)
    return print
  }
}

type PrintOf = (file: PublishedFile) => Promise<string>

/** The same model, the same id, in every tab and at every visit. */
async function modelIdOf(origin: ModelOrigin, recipe: Recipe, printOf: PrintOf): Promise<string> {
  const way = `${recipe.kind}-${recipe.numberFormat.replaceAll(' ', '-')}`
  if (origin.kind !== 'hub') return `files:${await digestOf(recipe.files, printOf)}:${way}`
  const host = origin.base === DEFAULT_HUB ? '' : `${origin.base.replace(/^https?:\/\//, '')}/`
  return `hub:${host}${origin.repository}@${origin.commit.slice(0, 12)}:${way}`
}

/** Of the names, sizes and hashes of files. */
async function digestOf(files: readonly PublishedFile[], printOf: PrintOf): Promise<string> {
  const lines = await Promise.all(
    files.map(async (file) => `${file.path} ${file.sizeBytes} ${await printOf(file)}\n`),
  )
  const digest = new Uint8Array(
    await crypto.subtle.digest('SHA-256', new TextEncoder().encode(lines.sort().join(''))),
  )
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Picked folders have their own name before each path. */
export function withoutFolder<T extends { readonly path: string }>(files: readonly T[]): readonly T[] {
  const folder = /^[^/]+\//.exec(files[0]?.path ?? '')?.[0]
  if (folder === undefined || !files.every(({ path }) => path.startsWith(folder))) return files
  return files.map((file) => ({ ...file, path: file.path.slice(folder.length) }))
}
