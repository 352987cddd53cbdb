/** The benchmark's site: its page and worker, ONNX Runtime's files, our models and those of transformers.js. */
import { existsSync } from 'node:fs'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, defaultClientConditions } from 'vite'
import { createDiskSource } from '../node/disk-source'
import { onnxRuntimeFiles } from '../vite-plugins'

const pageFolder = fileURLToPath(new URL('browser', import.meta.url))
const packs = fileURLToPath(new URL('../../public/models', import.meta.url))

/** The suffix under which the fp32 originals stand beside the int8 packs. */
export const fp32Suffix = '-fp32'

export interface Site {
  readonly folder: string
  /** Models that transformers.js can load, by number format. */
  readonly peers: ReadonlyMap<string, { readonly int8: boolean; readonly fp32: boolean }>
  /** Models whose originals in fp32 are there. */
  readonly originals: ReadonlySet<string>
}

/** Builds the site into an empty folder. */
export async function buildSite(folder: string, models: readonly string[], reference: string): Promise<Site> {
  await buildWorkerPage(pageFolder, folder)
  const peers = new Map<string, { int8: boolean; fp32: boolean }>()
  const originals = new Set<string>()
  for (const path of ['models', 'peer']) await mkdir(join(folder, path), { recursive: true })
  for (const model of models) {
    await symlink(join(packs, model), join(folder, 'models', model))
    const exported = resolve(reference, model, 'onnx-reference')
    if (existsSync(exported)) {
      await symlink(exported, join(folder, 'peer', model))
      // The original stands under another name, and is compared with the same export.
      await symlink(exported, join(folder, 'peer', `${model}${fp32Suffix}`))
      const has = (name: string) => existsSync(join(exported, 'onnx', name))
      peers.set(model, { int8: has('encoder_model_quantized.onnx'), fp32: has('encoder_model.onnx') })
    }
    if (existsSync(join(reference, model, 'model.safetensors'))) {
      await addPublished(folder, join(reference, model), `${model}${fp32Suffix}`)
      originals.add(model)
    }
  }
  return { folder, peers, originals }
}

/** Puts a published folder under `models/`, with the manifest that the engine reads first. */
export async function addPublished(site: string, source: string, name: string): Promise<void> {
  const target = join(site, 'models', name)
  await cp(source, target, {
    recursive: true,
    filter: (path) => !relative(source, path).includes('onnx-reference'),
  })
  const manifest = await createDiskSource(join(site, 'models')).manifest(name, new AbortController().signal)
  await writeFile(join(target, 'model.json'), JSON.stringify(manifest))
}

/** Builds a page with a worker of ours; one ONNX Runtime for all, transformers.js among them: the library that the page has. */
export async function buildWorkerPage(root: string, outDir: string): Promise<void> {
  await build({
    configFile: false,
    root,
    base: './',
    logLevel: 'error',
    plugins: [onnxRuntimeFiles()],
    resolve: {
      alias: [{ find: /^onnxruntime-web$/, replacement: 'onnxruntime-web/webgpu' }],
      conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
    },
    worker: { format: 'es' },
    build: {
      target: 'es2023',
      outDir,
      emptyOutDir: false,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: { checks: { bundlerTimings: false } },
    },
  })
}
