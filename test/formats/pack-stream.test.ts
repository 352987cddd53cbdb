import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FLAN_T5_SMALL, randomTensors } from '../../scripts/bench/random-tensors'
import { PackStream } from '../../workers/formats/pack-stream'
import { PACK_METADATA, packMetadata } from '../../workers/formats/pack-metadata'
import { packTensors } from './pack-tensors'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { writeSafetensors, type TensorToWrite } from '../../workers/formats/safetensors-writer'
import { parseT5Config } from '../../workers/formats/t5-config'
import { joined } from '../support/joined'
import { bytesByName, FILE, inPieces, optionsOf } from './pack-in-pieces'
import { randomModel } from './random-model'
import { TINY_VARIANTS, tinyFile, tinyModel, type TinyVariant } from './tiny-model'

const ALL_VARIANTS: readonly TinyVariant[] = [...TINY_VARIANTS, 'gated-tied-f16', 'gated-tied-bf16']

/** Far faster than comparing element by element, which a test framework does. */
const areEqual = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

describe('PackStream', () => {
  it.each(ALL_VARIANTS)('gives the tensors of %s that the whole file at once gives', (variant) => {
    const { config, weights } = tinyModel(variant)
    const source = tinyFile(`${variant}/${FILE}`)
    const pack = inPieces(optionsOf(variant), source, [])
    const expected = writeSafetensors(packTensors(config, weights), PACK_METADATA)
    const found = bytesByName(pack)
    expect(found.size).toBe(bytesByName(expected).size)
    for (const [name, tensor] of bytesByName(expected)) expect(found.get(name), name).toEqual(tensor)
    const { metadata } = parseSafetensors(pack, FILE)
    expect(Object.fromEntries(metadata)).toEqual({ ...PACK_METADATA, source: variant })
  })

  it.each(['int8', 'int4', 'fp16'] as const)(
    'packs as %s, resumed anywhere, as the whole at once',
    (format) => {
      const { config, bytes: source, weights } = randomModel()
      const options = { config, format, file: FILE }
      const whole = inPieces(options, source, [])
      const expected = writeSafetensors(packTensors(config, weights, format), packMetadata[format])
      const found = bytesByName(whole)
      expect([...found.keys()].sort()).toEqual([...bytesByName(expected).keys()].sort())
      for (const [name, tensor] of bytesByName(expected)) expect(found.get(name), name).toEqual(tensor)
      const stop = fc.integer({ min: 1, max: source.byteLength })
      fc.assert(
        fc.property(stop, (end) => {
          const stream = new PackStream(options)
          const before = stream.push(source.subarray(0, end))
          const checkpoint = stream.checkpoint()
          const resumed = new PackStream(options, checkpoint.state)
          const after = [...resumed.push(source.subarray(checkpoint.sourceOffset)), ...resumed.finish()]
          expect(areEqual(joined([...before, ...after]), whole)).toBe(true)
        }),
      )
    },
  )

  it('refuses what 16 bits cannot hold, naming the tensor', () => {
    const { config, bytes } = randomModel()
    const tensors = [...parseSafetensors(bytes, FILE).tensors.values()].map((tensor) =>
      tensor.name === 'lm_head.weight'
        ? { ...tensor, data: new Float32Array(tensor.bytes.byteLength / 4).fill(70_000) }
        : { ...tensor, data: tensor.bytes },
    )
    const source = writeSafetensors(tensors)
    expect(() => inPieces({ config, format: 'fp16', file: FILE }, source, [])).toThrow(
      'tensor "lm_head.weight": expected values up to 65504, as this format holds',
    )
    expect(inPieces({ config, format: 'int8', file: FILE }, source, []).byteLength).toBeGreaterThan(0)
  })

  it('keeps the order of the source', () => {
    const source = tinyFile(`gated-tied/${FILE}`)
    const names = [...bytesByName(inPieces(optionsOf('gated-tied'), source, [])).keys()]
    const inSource = [...bytesByName(source).keys()]
    expect(names.filter((name) => !name.endsWith('.scale'))).toEqual(inSource)
  })

  it('tells the size of the pack once it knows the header', () => {
    const source = tinyFile(`relu-tied/${FILE}`)
    const stream = new PackStream(optionsOf('relu-tied'))
    stream.push(source.subarray(0, 8))
    expect(stream.sizeBytes).toBeUndefined()
    const parts = stream.push(source.subarray(8))
    expect(joined(parts).byteLength).toBe(stream.sizeBytes)
  })

  it('gives the same bytes wherever the source is cut, byte by byte too', () => {
    const source = tinyFile(`relu-untied/${FILE}`)
    const options = optionsOf('relu-untied')
    const whole = inPieces(options, source, [])
    const every = Array.from({ length: source.byteLength }, (_, i) => i)
    expect(areEqual(inPieces(options, source, every), whole)).toBe(true)
    const cuts = fc.array(fc.integer({ min: 0, max: source.byteLength }), { maxLength: 12 })
    fc.assert(
      fc.property(cuts, (ends) => {
        expect(areEqual(inPieces(options, source, ends), whole)).toBe(true)
      }),
    )
  })

  it.each(ALL_VARIANTS)('goes on with %s from any checkpoint to the same bytes', (variant) => {
    const source = tinyFile(`${variant}/${FILE}`)
    const options = optionsOf(variant)
    const whole = inPieces(options, source, [])
    const stops = fc.array(fc.integer({ min: 1, max: source.byteLength }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(stops, (lengths) => {
        const parts: Uint8Array[] = []
        let stream = new PackStream(options)
        let position = 0
        for (const length of lengths) {
          parts.push(...stream.push(source.subarray(position, position + length)))
          const checkpoint = stream.checkpoint()
          expect(checkpoint.sourceOffset).toBeLessThanOrEqual(position + length)
          // As it comes back from storage, after what was not stored was lost.
          const { sourceOffset, state } = JSON.parse(JSON.stringify(checkpoint)) as typeof checkpoint
          stream = new PackStream(options, state)
          position = sourceOffset
        }
        parts.push(...stream.push(source.subarray(position)), ...stream.finish())
        expect(areEqual(joined(parts), whole)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('gives rows of a table as soon as they are there, and goes on in its middle', () => {
    // Rows of 16 kB, 64 to a block.
    const rows = 200
    const columns = 4096
    const config = { ...tinyModel('gated-tied').config, vocabSize: rows, dModel: columns }
    const data = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i))
    const source = writeSafetensors([{ name: 'shared.weight', dtype: 'F32', shape: [rows, columns], data }])
    const options = { config, file: FILE, isShard: true }
    const whole = inPieces(options, source, [])
    const stream = new PackStream(options)
    const before = joined(stream.push(source.subarray(0, 100 * columns * 4)))
    const { sourceOffset, state } = stream.checkpoint()
    const headerBytes = source.byteLength - data.byteLength
    expect(sourceOffset).toBe(headerBytes + 64 * columns * 4)
    const resumed = new PackStream(options, state)
    const after = joined(resumed.push(source.subarray(sourceOffset)))
    expect(areEqual(joined([before, after]), whole)).toBe(true)
  })

  it('does not pack what is no part of the model, a second copy of the table included', () => {
    const { config } = tinyModel('gated-tied')
    const [table] = [...parseSafetensors(tinyFile(`gated-tied/${FILE}`), FILE).tensors.values()].filter(
      ({ name }) => name === 'shared.weight',
    )
    if (!table) throw new Error('There is no table')
    const others = [...parseSafetensors(tinyFile(`gated-tied/${FILE}`), FILE).tensors.values()]
    const tensors: TensorToWrite[] = [
      ...others.map((tensor) => ({ ...tensor, data: tensor.bytes })),
      { ...table, data: table.bytes, name: 'encoder.embed_tokens.weight' },
      { name: 'encoder.position_ids', dtype: 'I64', shape: [2], data: new Uint8Array(16) },
    ]
    const pack = inPieces({ config, file: FILE }, writeSafetensors(tensors), [])
    expect([...bytesByName(pack).keys()].filter((name) => /embed_tokens|position_ids/.test(name))).toEqual([])
  })

  it('takes the table under the name of a stack where the file has it there alone', () => {
    const { config, weights } = tinyModel('gated-tied')
    const tensors = [...parseSafetensors(tinyFile(`gated-tied/${FILE}`), FILE).tensors.values()].map(
      (tensor) => ({
        ...tensor,
        name: tensor.name === 'shared.weight' ? 'decoder.embed_tokens.weight' : tensor.name,
        data: tensor.bytes,
      }),
    )
    const source = writeSafetensors(tensors)
    const read = (file: Uint8Array) => readModelWeights(config, parseSafetensors(file, FILE), FILE)
    expect(read(source).embeddingRows([5])).toEqual(weights.embeddingRows([5]))
    const row = read(inPieces({ config, file: FILE }, source, [])).embeddingRows([5])
    row.forEach((value, i) => expect(value).toBeCloseTo(weights.embeddingRows([5])[i] ?? NaN, 1))
  })

  it('packs a model with the shapes of flan-t5-small', () => {
    const config = parseT5Config(new TextEncoder().encode(JSON.stringify(FLAN_T5_SMALL)), 'config.json')
    const source = writeSafetensors(randomTensors(config))
    const ends = Array.from({ length: source.byteLength / 1_000_003 }, (_, i) => (i + 1) * 1_000_003)
    const pack = inPieces({ config, file: FILE }, source, ends)
    const weights = readModelWeights(config, parseSafetensors(pack, FILE), FILE)
    expect(weights.parameters).toBe(76_961_152)
    const original = readModelWeights(config, parseSafetensors(source, FILE), FILE)
    const expected = parseSafetensors(writeSafetensors(packTensors(config, original), PACK_METADATA), FILE)
    const found = parseSafetensors(pack, FILE)
    for (const [name, { bytes }] of expected.tensors)
      expect(areEqual(found.tensors.get(name)?.bytes ?? new Uint8Array(), bytes), name).toBe(true)
  }, 120_000)
})
