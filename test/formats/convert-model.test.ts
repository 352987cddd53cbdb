import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConversionError } from '../../scripts/convert/conversion-error'
import { convertModel } from '../../scripts/convert/convert-model'
import { writeCatalogue } from '../../scripts/convert/write-catalogue'
import { parseAdapter } from '../../workers/formats/adapter'
import { readFormatLoss } from '../../workers/formats/format-loss'
import { parseModelManifest } from '../../workers/formats/model-manifest'
import { parseWeights } from '../../workers/formats/join-shards'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { writeSafetensors } from '../../workers/formats/safetensors-writer'
import { readTestScores } from '../../workers/formats/test-scores'
import { tinyFile, tinyModel } from './tiny-model'

const TINY = fileURLToPath(new URL('../fixtures/tiny/gated-untied', import.meta.url))
const PACK = fileURLToPath(new URL('../../public/models/smallcap-t5-nano', import.meta.url))
const PACKED_WEIGHTS = 'model.int8.safetensors'

let room: string
let source: string
let out: string

beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'convert-'))
  source = join(room, 'source')
  out = join(room, 'packs', 'tiny')
  await cp(TINY, source, { recursive: true })
  await cp(join(PACK, 'task.json'), join(source, 'task.json'))
  await writeFile(join(source, 'tokenizer.json'), '{\n  "model": { "type": "Unigram" }\n}\n')
})

afterEach(() => rm(room, { recursive: true }))

const bytesOf = async (path: string) => new Uint8Array(await readFile(path))

async function packedWeights() {
  const file = parseSafetensors(await bytesOf(join(out, PACKED_WEIGHTS)), PACKED_WEIGHTS)
  return {
    metadata: file.metadata,
    weights: readModelWeights(tinyModel('gated-untied').config, file, PACKED_WEIGHTS),
  }
}

/** The source's weights in two shards with an index, as large models are published. */
async function shard(): Promise<void> {
  const { file } = tinyModel('gated-untied')
  const tensors = [...file.tensors.values()].map((tensor) => ({ ...tensor, data: tensor.bytes }))
  const shards = { 'model-1.safetensors': tensors.slice(0, 20), 'model-2.safetensors': tensors.slice(20) }
  const weightMap = Object.entries(shards).flatMap(([shardName, part]) =>
    part.map(({ name }) => [name, shardName]),
  )
  for (const [name, part] of Object.entries(shards))
    await writeFile(join(source, name), writeSafetensors(part))
  const index = { metadata: {}, weight_map: Object.fromEntries(weightMap) as object }
  await writeFile(join(source, 'model.safetensors.index.json'), JSON.stringify(index))
  await rm(join(source, 'model.safetensors'))
}

describe('convertModel', () => {
  it('writes an int8 pack, its adapters in half precision, and a manifest of sizes and hashes', async () => {
    await convertModel({ source, out, displayName: 'tiny' })
    const manifest = parseModelManifest(await bytesOf(join(out, 'model.json')), 'model.json')
    expect(manifest).toMatchObject({ name: 'tiny', displayName: 'tiny', adapters: ['adapter-random'] })
    expect(manifest.parameters).toBe(tinyModel('gated-untied').weights.parameters)
    expect(manifest.files.map(({ path }) => path)).toEqual([
      'adapter-random/adapter_config.json',
      'adapter-random/adapter_model.safetensors',
      'config.json',
      PACKED_WEIGHTS,
      'task.json',
      'tokenizer.json',
    ])
    for (const { path, sizeBytes } of manifest.files)
      expect((await bytesOf(join(out, path))).byteLength).toBe(sizeBytes)
    expect(await readFile(join(out, 'tokenizer.json'), 'utf8')).toBe('{"model":{"type":"Unigram"}}')
    const { metadata, weights } = await packedWeights()
    expect(weights.storedFormat).toBe('int8')
    expect(metadata.get('source')).toBe('source')
    expect(readFormatLoss(metadata, PACKED_WEIGHTS)).toBeUndefined()
  })

  it('keeps an adapter to half precision', async () => {
    await convertModel({ source, out })
    const folder = 'adapter-random'
    const read = async (root: string) =>
      parseAdapter(tinyModel('gated-untied').config, {
        folder,
        config: await bytesOf(join(root, folder, 'adapter_config.json')),
        weights: await bytesOf(join(root, folder, 'adapter_model.safetensors')),
      })
    const [before, after] = [await read(source), await read(out)]
    expect([...after.modules.keys()].sort()).toEqual([...before.modules.keys()].sort())
    for (const [name, { a }] of before.modules)
      a.forEach((value, index) => {
        const difference = Math.abs((after.modules.get(name)?.a[index] ?? NaN) - value)
        expect(difference).toBeLessThanOrEqual(Math.abs(value) * 2 ** -11 + 2 ** -25)
      })
  })

  it('stores what was measured on the written pack', async () => {
    const ofBase = { numberFormat: 'int8', weights: 'base' } as const
    const loss = {
      data: 'some.csv',
      texts: 500,
      losses: [{ ...ofBase, equalLabels: 0.998, meanDifference: 0.002, p99Difference: 0.01 }],
    }
    const score = { ...ofBase, data: 'test.csv', texts: 9, accuracy: 0.7, macroF1: 0.6 }
    const seen: string[] = []
    const measure = async (folder: string, adapters: readonly string[]) => {
      expect(adapters).toEqual(['random'])
      seen.push(folder, ...(await readdir(folder)).filter((name) => name === PACKED_WEIGHTS))
      return { loss, scores: [score] }
    }
    await convertModel({ source, out, measure })
    expect(seen[0]).not.toBe(out)
    expect(seen.slice(1)).toEqual([PACKED_WEIGHTS])
    const { metadata } = await packedWeights()
    expect(readFormatLoss(metadata, PACKED_WEIGHTS)).toEqual(loss)
    expect(readTestScores(metadata, PACKED_WEIGHTS)).toEqual([score])
  })

  it.each(['int4', 'fp16'] as const)('writes %s packs that are read as such', async (format) => {
    await convertModel({ source, out, format })
    const name = `model.${format}.safetensors`
    const { config, weights: original } = tinyModel('gated-untied')
    const weights = readModelWeights(config, parseSafetensors(await bytesOf(join(out, name)), name), name)
    expect(weights.storedFormat).toBe(format)
    expect(weights.parameters).toBe(original.parameters)
    expect(weights.bytes).toBeLessThan(original.bytes * 0.6)
  })

  it('gives the same weights from shards', async () => {
    await convertModel({ source, out })
    const { weights: single, metadata } = await packedWeights()
    await shard()
    await convertModel({ source, out })
    const names = ['model-1.int8.safetensors', 'model-2.int8.safetensors']
    const shards = await Promise.all(
      names.map(async (name) => ({ name, bytes: await bytesOf(join(out, name)) })),
    )
    const joined = parseWeights(shards)
    const { config } = tinyModel('gated-untied')
    expect(readModelWeights(config, joined, 'shards').headLinear()).toEqual(single.headLinear())
    expect(joined.metadata.get('quantisation')).toBe(metadata.get('quantisation'))
  })

  it('says which tensor a shard lacks', async () => {
    await shard()
    await writeFile(join(source, 'model-2.safetensors'), writeSafetensors([]))
    await expect(convertModel({ source, out })).rejects.toThrow(
      'expected it, as model.safetensors.index.json says',
    )
  })

  it('needs no task: a published model has none', async () => {
    await rm(join(source, 'task.json'))
    await convertModel({ source, out })
    const { files } = parseModelManifest(await bytesOf(join(out, 'model.json')), 'model.json')
    expect(files.map(({ path }) => path)).not.toContain('task.json')
  })

  it.each(['config.json', 'tokenizer.json', 'model.safetensors'])('says that %s is missing', async (name) => {
    await rm(join(source, name))
    await expect(convertModel({ source, out })).rejects.toThrow(
      `${name} is missing; a model folder needs it.`,
    )
  })

  it('says that the source is not there', async () => {
    await expect(convertModel({ source: join(room, 'nowhere'), out })).rejects.toThrow(
      'nowhere is not a folder.',
    )
  })

  it('refuses an adapter of another model', async () => {
    const other = tinyFile('relu-tied/adapter-random/adapter_model.safetensors')
    await writeFile(join(source, 'adapter-random', 'adapter_model.safetensors'), other)
    await expect(convertModel({ source, out })).rejects.toThrow(
      'adapter-random/adapter_model.safetensors: tensor',
    )
  })

  it('leaves a folder alone that is not a pack', async () => {
    await mkdir(out, { recursive: true })
    await writeFile(join(out, 'thesis.txt'), 'years of work')
    await expect(convertModel({ source, out })).rejects.toThrow(ConversionError)
    expect(await readFile(join(out, 'thesis.txt'), 'utf8')).toBe('years of work')
  })
})

describe('writeCatalogue', () => {
  it('lists the packs, smallest first', async () => {
    await convertModel({ source, out, displayName: 'larger' })
    await cp(fileURLToPath(new URL('../fixtures/tiny/relu-tied', import.meta.url)), source, {
      recursive: true,
    })
    await convertModel({ source, out: join(room, 'packs', 'small') })
    await writeCatalogue(join(room, 'packs'))
    const catalogue: unknown = JSON.parse(await readFile(join(room, 'packs', 'catalogue.json'), 'utf8'))
    expect(catalogue).toEqual({
      models: [
        { id: 'small', name: 'small', parameters: 12_064, downloadBytes: expect.any(Number) as number },
        { id: 'tiny', name: 'larger', parameters: 28_012, downloadBytes: expect.any(Number) as number },
      ],
    })
  })
})
