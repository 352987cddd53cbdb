import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { filesToLoad, parseModelManifest } from '../../workers/formats/model-manifest'

/** Writes `catalogue.json` of a folder of packs: what the page can offer before it loads anything, smallest model first. */
export async function writeCatalogue(packs: string): Promise<void> {
  const folders = (await readdir(packs, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const models = await Promise.all(folders.map(({ name }) => catalogueEntry(packs, name)))
  models.sort((a, b) => a.parameters - b.parameters)
  await writeFile(join(packs, 'catalogue.json'), `${JSON.stringify({ models }, null, 2)}\n`)
}

async function catalogueEntry(packs: string, id: string) {
  const path = join(packs, id, 'model.json')
  const manifest = parseModelManifest(await readFile(path), path)
  const { displayName, parameters } = manifest
  return {
    id,
    name: displayName ?? id,
    parameters,
    downloadBytes: filesToLoad(manifest).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  }
}
