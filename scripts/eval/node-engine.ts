import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../../src/engine/contract'
import { createEngine } from '../../workers/engine/engine'
import { EngineFailure } from '../../workers/engine/engine-failure'
import type { ModelSource } from '../../workers/engine/model-source'
import { parseModelManifest } from '../../workers/formats/model-manifest'
import { configureRuntime } from '../../workers/runtime/configure'
import { compileForWasm } from '../../workers/runtime/session'

/** Model folders on the disk, below `folder`. */
function createDiskSource(folder: string): ModelSource {
  const read = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = await readFile(path).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      throw new EngineFailure('model-unavailable', `${path} cannot be read: ${reason}.`)
    })
    return new Uint8Array(bytes)
  }
  return {
    async manifest(model) {
      const path = join(folder, model, 'model.json')
      return parseModelManifest(await read(path), path)
    },
    async read(model, file, { onBytes }) {
      const bytes = await read(join(folder, model, file.path))
      onBytes(bytes.length)
      return bytes
    },
  }
}

/** The page's engine in Node, on the same WASM runtime. To be made once: it sets the runtime's threads. */
export function createNodeEngine(modelsFolder: string, threads: number): Engine {
  configureRuntime({ threads })
  return createEngine({
    source: createDiskSource(modelsFolder),
    compile: compileForWasm,
    threads,
    isCrossOriginIsolated: false,
    now: () => performance.now(),
  })
}
