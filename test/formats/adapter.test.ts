import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAdapter } from '../../workers/formats/adapter'
import { parseAdapterConfig } from '../../workers/formats/adapter-config'
import { mergedWeights } from '../../workers/formats/merged-weights'
import { t5Projections } from '../../workers/formats/t5-tensors'
import { TINY_VARIANTS, tinyFile, tinyModel, type TinyVariant } from './tiny-model'

interface Golden {
  readonly mergedWeight: Readonly<Record<string, readonly (readonly number[])[]>>
}

function tinyAdapter(variant: TinyVariant) {
  const folder = 'adapter-random'
  const config = tinyFile(`${variant}/${folder}/adapter_config.json`)
  const weights = tinyFile(`${variant}/${folder}/adapter_model.safetensors`)
  return parseAdapter(tinyModel(variant).config, { folder, config, weights })
}

function golden(variant: TinyVariant): Golden {
  return JSON.parse(
    readFileSync(new URL(`../fixtures/tiny/${variant}/golden.json`, import.meta.url), 'utf8'),
  ) as Golden
}

const settings = (config: object) =>
  parseAdapterConfig(
    new TextEncoder().encode(JSON.stringify({ peft_type: 'LORA', ...config })),
    'adapter_config.json',
  ).settingsOf

describe('parseAdapter', () => {
  // The variants use plain scaling, rank-stabilised scaling, and patterns of ranks and alphas.
  it.each(TINY_VARIANTS)('merged into %s equals what PEFT merges', (variant) => {
    const { config, weights } = tinyModel(variant)
    const merged = mergedWeights(weights, tinyAdapter(variant))
    const shapes = new Map(t5Projections(config).map((one) => [`${one.module}.weight`, one]))
    const expected = Object.entries(golden(variant).mergedWeight)
    expect(expected).toHaveLength(6)
    for (const [name, rows] of expected) {
      const shape = shapes.get(name)
      if (!shape) throw new Error(`${name} is not a projection`)
      const linear = merged.linear(name, shape.inFeatures, shape.outFeatures)
      if (linear.kind !== 'fp32') throw new Error('merged weights are fp32')
      rows.flat().forEach((value, index) => {
        expect(linear.weight[index]).toBeCloseTo(value, 5)
      })
    }
  })

  it('covers every projection, under the name without the folder prefix', () => {
    const adapter = tinyAdapter('gated-tied')
    expect(adapter.name).toBe('random')
    expect(new Set(adapter.modules.keys())).toEqual(
      new Set(t5Projections(tinyModel('gated-tied').config).map(({ module }) => module)),
    )
    expect(adapter.modules.get('encoder.block.0.layer.0.SelfAttention.q')?.rank).toBe(3)
    expect(adapter.modules.get('decoder.block.0.layer.1.EncDecAttention.v')?.rank).toBe(2)
  })
})

describe('parseAdapterConfig', () => {
  it('takes the defaults of PEFT', () => {
    expect(settings({})('any.module')).toEqual({ rank: 8, scaling: 1 })
  })

  it('lets a pattern match a whole name or its end after a dot', () => {
    const of = settings({
      r: 4,
      lora_alpha: 8,
      rank_pattern: { 'a.q': 2, '^k': 1 },
      alpha_pattern: { v: 16 },
    })
    expect(of('a.q')).toEqual({ rank: 2, scaling: 4 })
    expect(of('block.a.q')).toEqual({ rank: 2, scaling: 4 })
    expect(of('ba.q')).toEqual({ rank: 4, scaling: 2 })
    expect(of('k')).toEqual({ rank: 1, scaling: 8 })
    expect(of('block.k')).toEqual({ rank: 4, scaling: 2 })
    expect(of('block.v')).toEqual({ rank: 4, scaling: 4 })
  })

  it.each([
    [{ use_dora: true }, 'use_dora'],
    [{ fan_in_fan_out: true }, 'fan_in_fan_out'],
    [{ modules_to_save: ['lm_head'] }, 'modules_to_save'],
    [{ init_lora_weights: 'pissa' }, 'init_lora_weights'],
    [{ rank_pattern: { '(a+)+$': 4 } }, 'rank_pattern'],
  ])('refuses %o', (config, field) => {
    expect(() => settings(config)).toThrow(`adapter_config.json: field "${field}`)
  })
})
