import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineFailure } from '../../workers/engine/engine-failure'
import type { ModelSource } from '../../workers/engine/model-source'
import { kindOfFolder } from '../../workers/formats/onnx-layout'
import { parseModelManifest, type ModelManifest } from '../../workers/formats/model-manifest'

/** Model folders on the disk, below `folder`: packs with a `model.json`, or folders as their makers publish them. */
export function createDiskSource(folder: string): ModelSource {
  return {
    async manifest(model) {
      const names = await list(join(folder, model))
      const path = join(folder, model, 'model.json')
      return names.includes('model.json')
        ? parseModelManifest(await read(path), path)
        : await publishedManifest(join(folder, model), model, names)
    },
    async read(model, file, { onBytes }) {
      const bytes = await read(join(folder, model, file.path))
      onBytes(bytes.length)
      return bytes
    },
  }
}

/** A manifest of the files that the engine reads. */
async function publishedManifest(
  folder: string,
  name: string,
  names: readonly string[],
): Promise<ModelManifest> {
  const adapters = names.filter((entry) => /^adapter-[\w-]+$/.test(entry))
  const graphs = names.includes('onnx') ? await list(join(folder, 'onnx')) : []
  const paths = [
    ...graphs.map((graph) => `onnx/${graph}`),
    ...names.filter((entry) => /\.(json|safetensors)$/.test(entry)),
    ...adapters.flatMap((adapter) =>
      ['adapter_config.json', 'adapter_model.safetensors'].map((file) => `${adapter}/${file}`),
    ),
  ]
  const files = await Promise.all(
    paths.map(async (path) => {
      const bytes = await read(join(folder, path))
      return { path, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    }),
  )
  // No manifest was published, so none tells the number of parameters; the engine counts the weights it reads.
  return { name, kind: kindOfFolder(paths), parameters: 1, adapters, files }
}

const list = (folder: string): Promise<string[]> => readdir(folder).catch(unavailable(folder))

const read = async (path: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(path).catch(unavailable(path)))

const unavailable =
  (path: string) =>
  (error: unknown): never => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EngineFailure('model-unavailable', `${path} cannot be read: ${reason}.`)
  }
