import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ManifestFile, ModelManifest } from '../../workers/formats/model-manifest'
import { ConversionError } from './conversion-error'
import type { PackFile } from './pack-file'

const MANIFEST = 'model.json'

/** Writes the files and their manifest in place of an earlier pack; a folder that holds anything else is left alone. */
export async function writePack(
  folder: string,
  manifest: Omit<ModelManifest, 'files'>,
  files: readonly PackFile[],
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const present = await readdir(folder)
  if (present.length > 0 && !present.includes(MANIFEST))
    throw new ConversionError(`${folder} holds files that are not a pack; choose another folder with --out.`)
  await Promise.all(present.map((entry) => rm(join(folder, entry), { recursive: true })))
  const inOrder = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  const written: ManifestFile[] = []
  for (const { path, bytes } of inOrder) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    const pieces = bytes instanceof Uint8Array ? [bytes] : bytes()
    written.push({ path, ...(await writePieces(join(folder, path), pieces)) })
  }
  const full: ModelManifest = { ...manifest, files: written }
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(full, null, 2)}\n`)
}

async function writePieces(
  path: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Omit<ManifestFile, 'path'>> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const handle = await open(path, 'w')
  try {
    for await (const piece of pieces) {
      hash.update(piece)
      sizeBytes += piece.byteLength
      await handle.writeFile(piece)
    }
  } finally {
    await handle.close()
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}
