import { describe, expect, it } from 'vitest'
import { filesToLoad, parseModelManifest } from '../../workers/formats/model-manifest'
import { findOnnxFiles, isDataOf, kindOfFolder } from '../../workers/formats/onnx-layout'

const t5 = (suffix: string, decoder = 'decoder_model_merged') => [
  `onnx/encoder_model${suffix}.onnx`,
  `onnx/${decoder}${suffix}.onnx`,
]

describe('findOnnxFiles', () => {
  const all = ['', '_quantized', '_fp16', '_q4'].flatMap((suffix) => t5(suffix))

  it.each([
    ['fp32', ''],
    ['int8', '_quantized'],
    ['fp16-weights', '_fp16'],
    ['int4-weights', '_q4'],
  ] as const)('takes the files of %s where they are asked for', (numberFormat, suffix) => {
    expect(findOnnxFiles('t5-onnx', all, numberFormat)).toEqual({ numberFormat, graphs: t5(suffix) })
  })

  it('takes what there is where the wish cannot be met, smallest first', () => {
    expect(findOnnxFiles('t5-onnx', t5(''), 'int8').numberFormat).toBe('fp32')
    expect(findOnnxFiles('t5-onnx', all, undefined).numberFormat).toBe('int8')
    expect(findOnnxFiles('encoder', ['onnx/model_q4f16.onnx'], 'int8')).toEqual({
      numberFormat: 'int4-weights',
      graphs: ['onnx/model_q4f16.onnx'],
    })
  })

  it('prefers the merged decoder, and takes one without a cache', () => {
    const both = [...t5(''), 'onnx/decoder_model.onnx']
    expect(findOnnxFiles('t5-onnx', both, 'fp32').graphs).toEqual(t5(''))
    expect(findOnnxFiles('t5-onnx', t5('', 'decoder_model'), 'fp32').graphs).toEqual(t5('', 'decoder_model'))
  })

  it('says what is missing', () => {
    const halves = ['onnx/encoder_model.onnx', 'onnx/decoder_model_merged_quantized.onnx']
    expect(() => findOnnxFiles('t5-onnx', halves, 'fp32')).toThrow(
      'expected onnx/encoder_model*.onnx and onnx/decoder_model_merged*.onnx, found onnx/encoder_model.onnx, ' +
        'onnx/decoder_model_merged_quantized.onnx',
    )
  })
})

it('knows the files that hold weights of a graph', () => {
  const graph = 'onnx/model.onnx'
  expect(['onnx/model.onnx_data', 'onnx/model.onnx_data_1'].every((path) => isDataOf(graph, path))).toBe(true)
  expect(isDataOf(graph, 'onnx/model.onnx')).toBe(false)
  expect(isDataOf(graph, 'onnx/model_q4.onnx_data')).toBe(false)
  expect(isDataOf(graph, 'onnx/model.onnx_data_x')).toBe(false)
})

it.each([
  [['config.json', 'model.safetensors', 'onnx/encoder_model.onnx'], 't5'],
  [['config.json', ...t5('_quantized')], 't5-onnx'],
  [['config.json', 'model.safetensors', 'onnx/model_quantized.onnx'], 'encoder'],
  [['adapter_config.json', 'adapter_model.safetensors'], 'adapter'],
] as const)('recognises a folder of %o', (paths, kind) => {
  expect(kindOfFolder(paths)).toBe(kind)
})

describe('filesToLoad', () => {
  const file = (path: string) => ({ path, sizeBytes: 1, sha256: '0'.repeat(64) })
  const manifest = (kind: string | undefined, paths: readonly string[]) =>
    parseModelManifest(
      new TextEncoder().encode(
        JSON.stringify({ name: 'm', kind, parameters: 1, adapters: [], files: paths.map(file) }),
      ),
      'model.json',
    )

  it('takes the graphs of one number format, with what belongs to them', () => {
    const paths = [
      'config.json',
      'probes.json',
      'README.md',
      ...t5(''),
      'onnx/encoder_model.onnx_data',
      ...t5('_q4'),
    ]
    const loaded = filesToLoad(manifest('t5-onnx', paths), { numberFormat: 'fp32' })
    expect(loaded.map(({ path }) => path)).toEqual(['config.json', ...t5(''), 'onnx/encoder_model.onnx_data'])
  })

  it('takes a model without a kind for T5 in safetensors, as our packs were written', () => {
    const plain = manifest(undefined, [
      'config.json',
      'probes.json',
      'model.int8.safetensors',
      'onnx/model.onnx',
    ])
    expect(plain.kind).toBe('t5')
    expect(filesToLoad(plain, { withProbes: true }).map(({ path }) => path)).toEqual([
      'config.json',
      'probes.json',
      'model.int8.safetensors',
    ])
  })

  it('refuses a kind that it does not know', () => {
    expect(() => manifest('llama', [])).toThrow(
      'model.json: field "kind": expected t5, t5-onnx, encoder, adapter',
    )
  })
})
