import { describe, expect, it } from 'vitest'
import { recognise } from '../../workers/store/recognise'
import type { Conversion } from '../../workers/store/conversion'
import { ownRepositories, type Repository } from '../hub/repository'
import { noise, repository, t5 } from './models'

const int8: Conversion = {
  numberFormat: 'int8',
  resultPath: () => 'model.int8.safetensors',
  estimateBytes: ({ sizeBytes }) => sizeBytes / 4,
  start: () => Promise.reject(new Error('not needed')),
}

const look = ({ files }: Repository, conversions: readonly Conversion[] = []) =>
  recognise(
    [...files].map(([path, bytes]) => ({ path, sizeBytes: bytes.length })),
    async ({ path }) => files.get(path)!,
    conversions,
  )

const bare = (files: Parameters<typeof repository>[1]) => repository('a/b', files)
const pathsOf = (choice: { readonly files: readonly { readonly path: string }[] } | undefined) =>
  choice?.files.map(({ path }) => path).sort()

const tokenizer = { 'tokenizer.json': {} }
const t5Config = { 'config.json': { model_type: 't5' } }
const encoderConfig = {
  'config.json': { model_type: 'bert', architectures: ['BertForSequenceClassification'] },
}

describe('T5 in safetensors', () => {
  it('is offered in each number format it can be turned into, then as published, without what nobody reads', async () => {
    const { choices } = await look(t5(), [int8])
    expect(choices.map(({ kind, numberFormat }) => [kind, numberFormat])).toEqual([
      ['t5', 'int8'],
      ['t5', 'as published'],
    ])
    expect(pathsOf(choices[0])).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
    expect(choices[0]!.downloadBytes).toBe(choices[1]!.downloadBytes)
    expect(choices[1]!.storedBytes - choices[0]!.storedBytes).toBe((10_500 * 3) / 4)
  })

  it('may lie in several files, by its index', async () => {
    const sharded = bare({
      ...t5Config,
      ...tokenizer,
      'model.safetensors.index.json': {
        weight_map: {
          'a.weight': 'model-2.safetensors',
          'b.weight': 'model-1.safetensors',
          'c.weight': 'model-1.safetensors',
        },
      },
      'model-1.safetensors': noise(10, '1'),
      'model-2.safetensors': noise(20, '2'),
    })
    const { choices } = await look(sharded, [int8])
    expect(pathsOf(choices[0])).not.toContain('model.safetensors.index.json')
    expect(pathsOf(choices[1])).toEqual([
      'config.json',
      'model-1.safetensors',
      'model-2.safetensors',
      'model.safetensors.index.json',
      'tokenizer.json',
    ])
    const torn = bare(
      Object.fromEntries([...sharded.files].filter(([path]) => path !== 'model-2.safetensors')),
    )
    expect((await look(torn)).unusable).toMatch(/lists model-2\.safetensors, which is not there/)
  })

  it('brings the adapters that lie beside it', async () => {
    const { choices } = await look(
      bare({
        ...t5Config,
        ...tokenizer,
        'model.safetensors': noise(10, 'w'),
        'adapter-finance/adapter_config.json': {},
        'adapter-finance/adapter_model.safetensors': noise(4, 'a'),
        'adapter-torn/adapter_config.json': {},
      }),
    )
    expect(choices[0]!.adapters).toEqual(['adapter-finance'])
    expect(pathsOf(choices[0])).toContain('adapter-finance/adapter_model.safetensors')
    expect(pathsOf(choices[0])).not.toContain('adapter-torn/adapter_config.json')
  })
})

describe('folders in the layout of transformers.js', () => {
  it('are offered in the number formats in which all graphs are there, with their external data', async () => {
    const { choices } = await look(
      bare({
        ...t5Config,
        ...tokenizer,
        'onnx/encoder_model.onnx': noise(10, 'e'),
        'onnx/encoder_model.onnx_data': noise(90, 'ed'),
        'onnx/encoder_model_quantized.onnx': noise(3, 'eq'),
        'onnx/decoder_model_merged.onnx': noise(10, 'd'),
        'onnx/decoder_model_merged_quantized.onnx': noise(3, 'dq'),
        'onnx/decoder_model_merged_fp16.onnx': noise(5, 'd16'),
        'onnx/decoder_model_quantized.onnx': noise(3, 'unmerged'),
      }),
    )
    expect(choices.map(({ kind, numberFormat }) => [kind, numberFormat])).toEqual([
      ['t5-onnx', 'q8'],
      ['t5-onnx', 'fp32'],
    ])
    expect(pathsOf(choices[0])).toEqual([
      'config.json',
      'onnx/decoder_model_merged_quantized.onnx',
      'onnx/encoder_model_quantized.onnx',
      'tokenizer.json',
    ])
    expect(pathsOf(choices[1])).toContain('onnx/encoder_model.onnx_data')
  })

  it('may hold both roads of one T5', async () => {
    const both = bare({
      ...Object.fromEntries(t5().files),
      'onnx/encoder_model.onnx': noise(10, 'e'),
      'onnx/decoder_model_merged.onnx': noise(10, 'd'),
    })
    expect((await look(both)).choices.map(({ kind }) => kind)).toEqual(['t5', 't5-onnx'])
  })

  it('are classifiers if their encoder has a head for it', async () => {
    const files = { ...tokenizer, 'onnx/model_quantized.onnx': noise(10, 'e') }
    expect((await look(bare({ ...encoderConfig, ...files }))).choices).toMatchObject([
      { kind: 'encoder', numberFormat: 'q8' },
    ])
    const embedder = { 'config.json': { model_type: 'bert', architectures: ['BertModel'] } }
    expect((await look(bare({ ...embedder, ...files }))).unusable).toMatch(
      /neither T5 nor an encoder with a classification head/,
    )
  })
})

describe('adapters', () => {
  const config = { peft_type: 'LORA', base_model_name_or_path: 'google/flan-t5-large', r: 16 }

  it('name their base model', async () => {
    expect(
      await look(bare({ 'adapter_config.json': config, 'adapter_model.safetensors': noise(5, 'a') })),
    ).toMatchObject({
      baseModel: 'google/flan-t5-large',
      choices: [{ kind: 'adapter', numberFormat: 'as published' }],
    })
  })

  it('are refused by name where they are of another kind, or a pickle', async () => {
    const ia3 = { ...config, peft_type: 'IA3' }
    const weights = { 'adapter_model.safetensors': noise(5, 'a') }
    expect((await look(bare({ 'adapter_config.json': ia3, ...weights }))).unusable).toMatch(
      /peft_type.*expected "LORA", found "IA3"/,
    )
    expect(
      (await look(bare({ 'adapter_config.json': config, 'adapter_model.bin': noise(5, 'a') }))).unusable,
    ).toMatch(/pickle/)
  })
})

describe('what cannot be used says why', () => {
  const cases: readonly [string, Parameters<typeof repository>[1], RegExp][] = [
    [
      'nothing that is known',
      { 'README.md': noise(3, 'r') },
      /no config\.json, adapter_config\.json or model\.json/,
    ],
    ['GGUF', { 'model.gguf': noise(3, 'g') }, /GGUF/],
    [
      'another architecture',
      { 'config.json': { model_type: 'llama' }, ...tokenizer, 'model.safetensors': noise(3, 'w') },
      /type “llama”/,
    ],
    [
      'weights in a pickle',
      { ...t5Config, ...tokenizer, 'pytorch_model.bin': noise(3, 'p') },
      /not safe to read/,
    ],
    ['no weights', { ...t5Config, ...tokenizer }, /It has no weights/],
    [
      'no tokenizer',
      { ...t5Config, 'spiece.model': noise(3, 's'), 'model.safetensors': noise(3, 'w') },
      /spiece\.model only/,
    ],
    [
      'a T5 of an unknown kind',
      { 'config.json': { model_type: 't5', feed_forward_proj: 'swish' }, ...tokenizer },
      /feed_forward_proj/,
    ],
    ['an encoder without ONNX', { ...encoderConfig, 'model.safetensors': noise(3, 'w') }, /type “bert”/],
    ['a configuration that is no JSON', { 'config.json': noise(9, 'c') }, /config\.json/],
    ['a model further down', { 'small/config.json': {} }, /Open that folder by itself/],
    [
      'one graph of two',
      { ...t5Config, ...tokenizer, 'onnx/encoder_model.onnx': noise(3, 'e') },
      /in no number format all that are needed/,
    ],
    [
      'a pack without a file',
      {
        'model.json': {
          name: 'x',
          parameters: 1,
          adapters: [],
          files: [{ path: 'a.json', sizeBytes: 1, sha256: '0'.repeat(64) }],
        },
      },
      /a\.json, which is not there/,
    ],
  ]
  it.each(cases)('%s', async (_, files, reason) => {
    const { choices, unusable } = await look(bare(files))
    expect(choices).toEqual([])
    expect(unusable).toMatch(reason)
    expect(unusable).toMatch(/\.$/)
  })
})

describe('our own models', () => {
  it.each(ownRepositories().map((each) => [each.id, each] as const))(
    '%s is recognised',
    async (id, published) => {
      const { choices } = await look(published)
      const [first] = choices
      expect(first).toMatchObject(
        id.endsWith('-safetensors')
          ? { kind: 't5', numberFormat: 'as published', adapters: ['adapter-finance'] }
          : id.endsWith('-onnx')
            ? { kind: 't5-onnx', numberFormat: 'q8' }
            : id.endsWith('classifier')
              ? { kind: 'encoder', numberFormat: 'q8' }
              : { kind: 't5', numberFormat: 'int8', isPack: true, adapters: ['adapter-finance'] },
      )
    },
  )
})
