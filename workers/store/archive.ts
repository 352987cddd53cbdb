/** A model as one file, to be carried elsewhere: an uncompressed tar with its `model.json` first. */
import { createTarDecoder, createTarPacker, type TarHeader } from 'modern-tar'
import type { UseStore } from '../kept/database'
import { openKeptFiles, readChunks } from '../kept/kept-files'
import type { PickedFile, StoredModelId } from '../../src/store/contract'
import type { StoredRecord } from './records'
import { StoreFailure } from './store-failure'

/** Blocks of the format; two of zeros end it (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html, ustar). */
const BLOCK_BYTES = 512
const MANIFEST = 'model.json'
/** A model has some dozens. */
const MAX_FILES = 1_024

/** The archive refers to the stored chunks, so nothing of them is in memory. The model has to be complete. */
export async function packModel(
  database: UseStore,
  model: StoredModelId,
  record: StoredRecord,
): Promise<Blob> {
  const manifest = await openKeptFiles(database).readManifest(model)
  if (!manifest) throw incomplete(record.name)
  const parts: BlobPart[] = [...(await entry(MANIFEST, manifest.length, [manifest]))]
  for (const { path, sha256 } of record.files) {
    const found = sha256 === undefined ? undefined : await readChunks(database, sha256)
    if (!found) throw incomplete(record.name)
    parts.push(...(await entry(path, found.record.sizeBytes, found.chunks)))
  }
  parts.push(new Uint8Array(2 * BLOCK_BYTES))
  return new Blob(parts, { type: 'application/x-tar' })
}

const incomplete = (name: string): StoreFailure =>
  new StoreFailure('wrong-hash', `${name} is not complete. Download what is missing first.`)

async function entry(name: string, size: number, bytes: readonly BlobPart[]): Promise<readonly BlobPart[]> {
  const { readable, controller } = createTarPacker()
  controller.add({ name, size, mtime: new Date(0) })
  const reader = readable.getReader()
  const { value: header } = await reader.read()
  await reader.cancel()
  // A longer one is of a name or size that no model's file has.
  if (header?.length !== BLOCK_BYTES) throw new Error(`${name} has no plain header`)
  return [header, ...bytes, new Uint8Array((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES)]
}

/** The files of an archive, as if they had been picked; none of their bytes are read. @throws StoreFailure `not-a-model` */
export async function unpackModel(archive: Blob): Promise<readonly PickedFile[]> {
  const files: PickedFile[] = []
  for (let start = 0; start < archive.size;) {
    const block = archive.slice(start, start + BLOCK_BYTES)
    if (new Uint8Array(await block.arrayBuffer()).every((byte) => byte === 0)) break
    const header = await headerOf(block)
    if (!header || files.length === MAX_FILES) throw new StoreFailure('not-a-model', NO_ARCHIVE)
    start += BLOCK_BYTES
    if (start + header.size > archive.size)
      throw new StoreFailure(
        'not-a-model',
        `The file ends in the middle of ${header.name}. Export the model again.`,
      )
    if (header.type === 'file')
      files.push({ path: header.name, file: archive.slice(start, start + header.size) })
    start += Math.ceil(header.size / BLOCK_BYTES) * BLOCK_BYTES
  }
  return files
}

const NO_ARCHIVE = 'The file is no exported model, or it is damaged. It is a tar as this page writes it.'

/** What a header says; undefined where it is none. */
async function headerOf(block: Blob): Promise<TarHeader | undefined> {
  const entries = block
    .stream()
    .pipeThrough(createTarDecoder({ strict: true }))
    .getReader()
  try {
    return (await entries.read()).value?.header
  } catch {
    return undefined
  } finally {
    // What follows the header is not there.
    await entries.cancel().catch(() => undefined)
  }
}
