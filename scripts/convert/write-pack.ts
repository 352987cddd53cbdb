import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ModelManifest } from '../../workers/formats/model-manifest'
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
  for (const { path, bytes } of inOrder) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
  const full: ModelManifest = {
    ...manifest,
    files: inOrder.map(({ path, bytes }) => ({
      path,
      sizeBytes: bytes.byteLength,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })),
  }
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(full, null, 2)}\n`)
}
