import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { adapterName } from '../../workers/formats/adapter'
import type { PackFormat } from '../../workers/formats/pack-metadata'
import type { PackOptions } from '../../workers/formats/pack-plan'
import { PackStream } from '../../workers/formats/pack-stream'
import { parseStrictJson } from '../../workers/formats/strict-json'
import { parseT5Config } from '../../workers/formats/t5-config'
import { countParameters, OUTPUT_HEAD } from '../../workers/formats/t5-tensors'
import { parseTaskFile } from '../../workers/formats/task-file'
import { packAdapter } from './pack-adapter'
import { figuresMetadata, type PackFigures } from './pack-figures'
import type { PackFile } from './pack-file'
import { SourceFolder } from './source-folder'
import { findWeights } from './source-weights'
import { writePack } from './write-pack'

export interface Conversion {
  /** Folder in the published layout: config.json, tokenizer.json, model.safetensors or its shards; task.json, adapter-… */
  readonly source: string
  readonly out: string
  readonly displayName?: string
  /** int8 where it is left out. */
  readonly format?: PackFormat
  /** Measures the written pack in `folder`; the answer goes into the pack's metadata. */
  readonly measure?: (folder: string, adapters: readonly string[]) => Promise<PackFigures>
}

/**
 * Turns a published T5 folder into a pack folder with a manifest. Throws ModelFormatError or ConversionError with a
 * sentence about what is wrong with the source.
 */
export async function convertModel(conversion: Conversion): Promise<void> {
  const { source, out, displayName, format = 'int8', measure } = conversion
  const folder = new SourceFolder(source)
  const name = basename(resolve(out))
  const adapters = await folder.adapterFolders()
  const configBytes = await folder.read('config.json')
  const config = parseT5Config(configBytes, 'config.json')
  const { files, tensors, sha256 } = await findWeights(folder)
  const parameters = countParameters(config, tensors.has(OUTPUT_HEAD) || !config.isTied)
  const others = [
    { path: 'config.json', bytes: configBytes },
    ...(await readTexts(folder)),
    ...(await Promise.all(adapters.map((adapter) => packAdapter(folder, adapter, config)))).flat(),
  ]
  const write = (target: string, figures: PackFigures = {}) => {
    const metadata = {
      source: basename(resolve(source)),
      sourceSha256: sha256,
      ...figuresMetadata(figures),
    }
    const weights = files.map((file): PackFile => {
      const options = { config, format, file, metadata, isShard: files.length > 1 }
      return { path: packName(file, format), bytes: () => packed(folder, options) }
    })
    const manifest = { name, ...(displayName && { displayName }), kind: 't5' as const, parameters, adapters }
    return writePack(target, manifest, [...others, ...weights])
  }
  await write(
    out,
    measure && (await measuredAside(write, (target) => measure(target, adapters.map(adapterName)))),
  )
}

/** `model.safetensors` → `model.int8.safetensors`, and so for each shard. */
const packName = (file: string, format: PackFormat): string =>
  file.replace(/\.safetensors$/, `.${format}.safetensors`)

async function* packed(folder: SourceFolder, options: PackOptions): AsyncGenerator<Uint8Array> {
  const stream = new PackStream(options)
  for await (const piece of folder.pieces(options.file)) yield* stream.push(piece)
  yield* stream.finish()
}

/** Measures a pack before it takes the place of an earlier one, which a failed measurement must not cost. */
async function measuredAside(
  write: (folder: string) => Promise<void>,
  measure: (folder: string) => Promise<PackFigures>,
): Promise<PackFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'smallcap-pack-'))
  try {
    await write(folder)
    return await measure(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The files beside the weights, checked where the page reads them. */
async function readTexts(folder: SourceFolder): Promise<readonly PackFile[]> {
  const tokenizer = parseStrictJson(await folder.read('tokenizer.json'), 'tokenizer.json', 'content')
  const files: PackFile[] = [
    { path: 'tokenizer.json', bytes: new TextEncoder().encode(JSON.stringify(tokenizer)) },
  ]
  const task = await folder.readIfPresent('task.json')
  if (task) {
    parseTaskFile(task, 'task.json')
    files.push({ path: 'task.json', bytes: task })
  }
  for (const path of ['tokenizer_config.json', 'probes.json', 'README.md']) {
    const bytes = await folder.readIfPresent(path)
    if (bytes) files.push({ path, bytes })
  }
  return files
}
