import { describe, expect, it } from 'vitest'
import { parseAdapter, type Adapter } from '../../workers/formats/adapter'
import { parseAdapterConfig } from '../../workers/formats/adapter-config'
import { writeAdapter } from '../../workers/formats/adapter-writer'
import { mergedWeights } from '../../workers/formats/merged-weights'
import { publishedWeights } from '../../workers/formats/published-weights'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { writeSafetensors } from '../../workers/formats/safetensors-writer'
import { t5Projections } from '../../workers/formats/t5-tensors'
import { joined } from '../support/joined'
import { TINY_VARIANTS, tinyFile, tinyModel, type TinyVariant } from './tiny-model'

const folder = 'adapter-random'

const read = (variant: TinyVariant) =>
  parseAdapter(tinyModel(variant).config, {
    folder,
    config: tinyFile(`${variant}/${folder}/adapter_config.json`),
    weights: tinyFile(`${variant}/${folder}/adapter_model.safetensors`),
  })

const reread = (variant: TinyVariant, adapter: Adapter) => {
  const { config } = tinyModel(variant)
  return parseAdapter(config, { folder, ...writeAdapter(config, adapter, 'google/flan-t5-small') })
}

describe('writeAdapter', () => {
  // Among them are rank-stabilised scaling and modules of ranks of their own.
  it.each(TINY_VARIANTS)('is read back as it was, scaling included (%s)', (variant) => {
    const adapter = read(variant)
    expect(reread(variant, adapter)).toEqual({ ...adapter, baseModel: 'google/flan-t5-small' })
  })

  it('names the modules of another rank than most', () => {
    const { config } = tinyModel('gated-tied')
    const bytes = writeAdapter(config, read('gated-tied'), 'base').config
    const settings = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
    expect(settings).toMatchObject({ peft_type: 'LORA', r: 2, lora_alpha: 2, use_rslora: false })
    const { settingsOf } = parseAdapterConfig(bytes, 'adapter_config.json')
    expect(settingsOf('encoder.block.0.layer.0.SelfAttention.q')).toEqual({ rank: 3, scaling: 1 })
    expect(settingsOf('encoder.block.0.layer.1.DenseReluDense.wi_0')).toEqual({ rank: 2, scaling: 1 })
  })
})

describe('publishedWeights', () => {
  it.each(TINY_VARIANTS)('gives the very file of %s, tensor by tensor', (variant) => {
    const { config, weights, file } = tinyModel(variant)
    const written = parseSafetensors(joined([...publishedWeights(config, weights)]), 'model.safetensors')
    expect(new Set(written.tensors.keys())).toEqual(new Set(file.tensors.keys()))
    for (const [name, { bytes, shape }] of file.tensors) {
      expect(written.tensors.get(name)?.shape).toEqual(shape)
      expect(Buffer.compare(written.tensors.get(name)?.bytes ?? new Uint8Array(), bytes), name).toBe(0)
    }
  })

  it('gives the merged weights of an adapter', () => {
    const { config, weights } = tinyModel('gated-untied')
    const merged = mergedWeights(weights, read('gated-untied'))
    const bytes = joined([...publishedWeights(config, merged)])
    const again = readModelWeights(config, parseSafetensors(bytes, 'm'), 'm')
    for (const { module, inFeatures, outFeatures } of t5Projections(config)) {
      const name = `${module}.weight`
      expect(again.linear(name, inFeatures, outFeatures)).toEqual(
        merged.linear(name, inFeatures, outFeatures),
      )
    }
  })
})

describe('parseAdapter', () => {
  const { config } = tinyModel('gated-tied')
  const configBytes = tinyFile(`gated-tied/${folder}/adapter_config.json`)
  const tensors = [
    ...parseSafetensors(tinyFile(`gated-tied/${folder}/adapter_model.safetensors`), 'a').tensors.values(),
  ].map((tensor) => ({ ...tensor, data: tensor.bytes }))
  const parse = (weights: Uint8Array) => parseAdapter(config, { folder, config: configBytes, weights })

  it('takes names with the adapter’s own name in them, as old versions wrote', () => {
    const renamed = tensors.map((tensor) => ({
      ...tensor,
      name: tensor.name.replace(/\.weight$/, '.default.weight'),
    }))
    expect(parse(writeSafetensors(renamed)).modules).toEqual(read('gated-tied').modules)
  })

  it.each([
    ['encoder.block.0.layer.0.SelfAttention.q.lora_magnitude_vector', 'a DoRA adapter'],
    ['encoder.embed_tokens.lora_embedding_A', 'a LoRA of the vocabulary table'],
    ['lm_head.modules_to_save.weight', 'whole modules beside the LoRA'],
    ['encoder.block.0.layer.0.SelfAttention.q.ia3_l', 'an IA3 adapter'],
  ])('refuses %s by its name', (name, method) => {
    const other = {
      name: `base_model.model.${name}`,
      dtype: 'F32',
      shape: [1],
      data: new Uint8Array(4),
    } as const
    expect(() => parse(writeSafetensors([...tensors, other]))).toThrow(`found ${method}`)
  })

  it.each([
    [{ peft_type: 'IA3' }, 'peft_type'],
    [{ use_dora: true }, 'use_dora'],
    [{ bias: 'all' }, 'bias'],
    [{ modules_to_save: ['lm_head'] }, 'modules_to_save'],
    [{ init_lora_weights: 'pissa' }, 'init_lora_weights'],
  ])('refuses %o, naming the field', (change, field) => {
    const settings = JSON.parse(new TextDecoder().decode(configBytes)) as object
    const bytes = new TextEncoder().encode(JSON.stringify({ ...settings, ...change }))
    const weights = writeSafetensors(tensors)
    expect(() => parseAdapter(config, { folder, config: bytes, weights })).toThrow(`field "${field}"`)
  })

  it('keeps the name of the model that it was trained on', () => {
    const settings = { peft_type: 'LORA', base_model_name_or_path: 'google/flan-t5-base' }
    const bytes = new TextEncoder().encode(JSON.stringify(settings))
    expect(parseAdapterConfig(bytes, 'c').baseModel).toBe('google/flan-t5-base')
  })
})
