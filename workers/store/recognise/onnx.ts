/**
 * Folders as transformers.js loads them: `onnx/<name><suffix>.onnx`, the suffix naming the number format, with large weights in
 * `<name><suffix>.onnx_data…` (https://huggingface.co/docs/transformers.js/guides/dtypes).
 */
import type { PublishedFile } from '../../../src/store/contract'
import {
  asPublished,
  lacksTokenizer,
  smallFiles,
  type Folder,
  type Recipe,
  type Recognised,
} from './recognised'

/** In the order in which they are offered: small and exact enough first. */
const SUFFIXES = {
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  fp32: '',
  fp16: '_fp16',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
} as const

/** T5's two graphs, or an encoder with a classification head. */
export async function recogniseOnnx(folder: Folder): Promise<Recognised | undefined> {
  if (!folder.files.some(({ path }) => /^onnx\/[^/]+\.onnx$/.test(path))) return undefined
  const config = await folder.fields('config.json')
  if (!config) return { choices: [], unusable: 'It has ONNX files but no config.json.' }
  const isT5 = config.value('model_type') === 't5'
  const graphs = isT5 ? ['encoder_model', 'decoder_model_merged'] : ['model']
  if (!isT5 && !isClassifier(config.value('architectures')))
    return {
      choices: [],
      unusable:
        'Its ONNX files are neither T5 nor an encoder with a classification head, by its config.json.',
    }
  const without = lacksTokenizer(folder)
  if (without !== undefined) return { choices: [], unusable: without }
  const choices = Object.entries(SUFFIXES).flatMap(([format, suffix]): Recipe[] => {
    const files = graphs.map((graph) => filesOf(folder, `onnx/${graph}${suffix}`))
    return files.every(({ length }) => length > 0)
      ? [asPublished(isT5 ? 't5-onnx' : 'encoder', format, [...smallFiles(folder), ...files.flat()])]
      : []
  })
  if (choices.length > 0) return { choices }
  return {
    choices,
    unusable: `It has ONNX files, but in no number format all that are needed: ${graphs.map((graph) => `onnx/${graph}.onnx`).join(' and ')}.`,
  }
}

const isClassifier = (architectures: unknown): boolean =>
  Array.isArray(architectures) &&
  architectures.some((name) => typeof name === 'string' && name.endsWith('ForSequenceClassification'))

/** A graph and its external weights; none where there is no such graph. */
function filesOf({ files, find }: Folder, stem: string): readonly PublishedFile[] {
  const graph = find(`${stem}.onnx`)
  if (!graph) return []
  return [
    graph,
    ...files.filter(
      ({ path }) => /^\.onnx_data(_\d+)?$/.test(path.slice(stem.length)) && path.startsWith(stem),
    ),
  ]
}
