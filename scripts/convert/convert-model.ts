import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { adapterName } from '../../workers/formats/adapter'
import { packMetadata, type PackFormat } from '../../workers/formats/pack-metadata'
import { packTensors } from '../../workers/formats/pack-tensors'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { writeSafetensors } from '../../workers/formats/safetensors-writer'
import { parseStrictJson } from '../../workers/formats/strict-json'
import { parseT5Config } from '../../workers/formats/t5-config'
import { parseTaskFile } from '../../workers/formats/task-file'
import { packAdapter } from './pack-adapter'
import { figuresMetadata, type PackFigures } from './pack-figures'
import type { PackFile } from './pack-file'
import { readWeights } from './read-weights'
import { SourceFolder } from './source-folder'
import { writePack } from './write-pack'

export interface Conversion {
  /** Folder in the published layout: config.json, tokenizer.json, model.safetensors, task.json, adapter-… */
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
  const { fileName, file, sha256 } = await readWeights(folder)
  const weights = readModelWeights(config, file, fileName)
  const tensors = packTensors(config, weights, format)
  const others = [
    { path: 'config.json', bytes: configBytes },
    ...(await readTexts(folder)),
    ...(await Promise.all(adapters.map((adapter) => packAdapter(folder, adapter, config)))).flat(),
  ]
  const write = (target: string, figures: PackFigures = {}) => {
    const bytes = writeSafetensors(tensors, {
      ...packMetadata[format],
      source: basename(resolve(source)),
      sourceSha256: sha256,
      ...figuresMetadata(figures),
    })
    const manifest = { name, ...(displayName && { displayName }), parameters: weights.parameters, adapters }
    return writePack(target, manifest, [...others, { path: `model.${format}.safetensors`, bytes }])
  }
  await write(
    out,
    measure && (await measuredAside(write, (target) => measure(target, adapters.map(adapterName)))),
  )
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
  const task = await folder.read('task.json')
  parseTaskFile(task, 'task.json')
  const tokenizer = parseStrictJson(await folder.read('tokenizer.json'), 'tokenizer.json', 'content')
  const files: PackFile[] = [
    { path: 'task.json', bytes: task },
    { path: 'tokenizer.json', bytes: new TextEncoder().encode(JSON.stringify(tokenizer)) },
  ]
  for (const path of ['tokenizer_config.json', 'probes.json', 'README.md']) {
    const bytes = await folder.readIfPresent(path)
    if (bytes) files.push({ path, bytes })
  }
  return files
}
