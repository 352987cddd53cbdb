import { describe, expect, it } from 'vitest'
import { asFp32 } from '../../workers/formats/as-fp32'
import { dequantise } from '../../workers/formats/dequantise'
import { decodeBF16, decodeF16 } from '../../workers/formats/half'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { writeSafetensors } from '../../workers/formats/safetensors-writer'
import { float32View, int8View } from '../../workers/formats/aligned-view'
import { packTensors } from './pack-tensors'
import { PACK_METADATA } from '../../workers/formats/pack-metadata'
import { t5Projections } from '../../workers/formats/t5-tensors'
import { TINY_VARIANTS, tinyModel, type TinyVariant } from './tiny-model'

const tensorFloats = (variant: TinyVariant, name: string) =>
  float32View(tinyModel(variant).file.tensors.get(name)?.bytes ?? new Uint8Array())

function packed(variant: TinyVariant) {
  const { config, weights } = tinyModel(variant)
  const bytes = writeSafetensors(packTensors(config, weights), PACK_METADATA)
  const file = parseSafetensors(bytes, 'model.int8.safetensors')
  return {
    config,
    file,
    original: weights,
    weights: readModelWeights(config, file, 'model.int8.safetensors'),
  }
}

describe('readModelWeights', () => {
  it.each(TINY_VARIANTS)('reads %s and counts every weight once', (variant) => {
    const { file, weights } = tinyModel(variant)
    const tensors = [...file.tensors.values()]
    expect(weights.bytes).toBe(tensors.reduce((sum, { bytes }) => sum + bytes.byteLength, 0))
    expect(weights.parameters).toBe(weights.bytes / 4)
    expect(weights.storedFormat).toBe('fp32')
    expect(weights.hasOwnHead).toBe(variant.endsWith('untied'))
  })

  it('gives projections, gains and biases as they stand in the file', () => {
    const { config, weights } = tinyModel('gated-untied')
    const { dModel, dFf, numBuckets, numHeads } = config
    const wo = 'decoder.block.2.layer.2.DenseReluDense.wo.weight'
    expect(weights.linear(wo, dFf, dModel)).toMatchObject({
      kind: 'fp32',
      inFeatures: 32,
      outFeatures: 20,
      weight: tensorFloats('gated-untied', wo),
    })
    const norm = 'decoder.final_layer_norm.weight'
    expect(weights.vector(norm, dModel)).toEqual(tensorFloats('gated-untied', norm))
    const bias = 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight'
    expect(weights.matrix(bias, numBuckets, numHeads)).toEqual(tensorFloats('gated-untied', bias))
  })

  it('takes rows of the vocabulary and of the head', () => {
    const { weights } = tinyModel('relu-untied')
    const shared = tensorFloats('relu-untied', 'shared.weight')
    const head = tensorFloats('relu-untied', 'lm_head.weight')
    expect(weights.embeddingRows([63, 0])).toEqual(
      new Float32Array([...shared.slice(-24), ...shared.slice(0, 24)]),
    )
    expect(weights.headRows([1])).toEqual(head.slice(24, 48))
    expect(weights.headLinear()).toMatchObject({ inFeatures: 24, outFeatures: 64, weight: head })
    expect(tinyModel('relu-tied').weights.headLinear()).toMatchObject({
      weight: tensorFloats('relu-tied', 'shared.weight'),
    })
  })

  it.each([-1, 64, 0.5, NaN])('throws for token id %d', (id) => {
    expect(() => tinyModel('relu-tied').weights.embeddingRows([id])).toThrow(RangeError)
  })

  it('uses a head in the file of a tied model, as the reference implementation does', () => {
    const { config, file } = tinyModel('relu-tied')
    const data = Float32Array.from({ length: 64 * 16 }, (_, index) => index)
    const head = {
      name: 'lm_head.weight',
      dtype: 'F32',
      shape: [64, 16],
      bytes: new Uint8Array(data.buffer),
    } as const
    const duplicate = { ...head, name: 'encoder.embed_tokens.weight' }
    const tensors = new Map([...file.tensors, [head.name, head], [duplicate.name, duplicate]])
    const weights = readModelWeights(config, { metadata: new Map(), tensors }, 'model.safetensors')
    expect(weights.headRows([1])).toEqual(data.slice(16, 32))
    expect(weights.parameters).toBe(tinyModel('relu-tied').weights.parameters + 64 * 16)
  })

  it.each([
    ['gated-tied-f16', 'fp16', decodeF16, 2 ** -11],
    ['gated-tied-bf16', 'fp32', decodeBF16, 2 ** -8],
  ] as const)('reads %s', (variant, kind, decode, precision) => {
    const exact = tinyModel('gated-tied').weights
    const { config, file, weights } = tinyModel(variant)
    const name = 'encoder.block.1.layer.1.DenseReluDense.wi_1.weight'
    const linear = weights.linear(name, config.dModel, config.dFf)
    expect(weights.storedFormat).toBe(kind)
    expect(linear.kind).toBe(kind)
    expect(dequantise(linear)).toEqual(decode(file.tensors.get(name)?.bytes ?? new Uint8Array()))
    const rows = weights.embeddingRows([5])
    exact.embeddingRows([5]).forEach((value, index) => {
      expect(Math.abs((rows[index] ?? NaN) - value)).toBeLessThanOrEqual(Math.abs(value) * precision)
    })
    expect(weights.bytes).toBe(exact.bytes / 2)
    expect(weights.parameters).toBe(exact.parameters)
  })
})

describe('an int8 pack', () => {
  it.each(TINY_VARIANTS)('holds %s within half a step of every weight', (variant) => {
    const { config, original, weights } = packed(variant)
    expect(weights.storedFormat).toBe('int8')
    expect(weights.parameters).toBe(original.parameters)
    const exact = asFp32(weights)
    expect(exact.storedFormat).toBe('fp32')
    for (const { module, inFeatures, outFeatures } of t5Projections(config)) {
      const name = `${module}.weight`
      const int8 = weights.linear(name, inFeatures, outFeatures)
      const dequantised = exact.linear(name, inFeatures, outFeatures)
      const before = original.linear(name, inFeatures, outFeatures)
      if (int8.kind !== 'int8' || dequantised.kind !== 'fp32' || before.kind !== 'fp32')
        throw new Error('the kinds are not int8, fp32, fp32')
      before.weight.forEach((value, index) => {
        const step = int8.scale[Math.floor(index / inFeatures)] ?? NaN
        expect(Math.abs((dequantised.weight[index] ?? NaN) - value)).toBeLessThanOrEqual(step * 0.50001)
      })
    }
    const norm = 'encoder.final_layer_norm.weight'
    expect(weights.vector(norm, config.dModel)).toEqual(original.vector(norm, config.dModel))
  })

  it('gives the head as a projection with the scales and codes of its rows', () => {
    const { file, weights } = packed('relu-untied')
    const codes = int8View(file.tensors.get('lm_head.weight')?.bytes ?? new Uint8Array())
    const head = weights.headLinear()
    if (head.kind !== 'int8') throw new Error('the head is not int8')
    expect(head.quantised[2 * 64 + 7]).toBe(codes[7 * 24 + 2])
    const rows = weights.headRows([7])
    expect(rows[2]).toBeCloseTo((codes[7 * 24 + 2] ?? NaN) * (head.scale[7] ?? NaN), 6)
    const dequantised = asFp32(weights).headLinear()
    expect(dequantised).toMatchObject({ kind: 'fp32' })
    if (dequantised.kind === 'fp32') expect(dequantised.weight.slice(7 * 24, 8 * 24)).toEqual(rows)
  })
})

describe('asFp32', () => {
  it('is the weights themselves where nothing is quantised', () => {
    const { weights } = tinyModel('relu-tied')
    expect(asFp32(weights)).toBe(weights)
  })
})
