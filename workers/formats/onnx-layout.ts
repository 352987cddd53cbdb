/** Which files of a folder in transformers.js' layout make up a model in one of its number formats. */
import type { NumberFormat } from '../../src/engine/contract'
import { ModelFormatError } from './format-error'
import type { ModelKind } from './model-manifest'

/** The suffixes that transformers.js gives its number formats, and what they are to us. */
const FORMATS: readonly (readonly [suffix: string, format: NumberFormat])[] = [
  ['', 'fp32'],
  ['_quantized', 'int8'],
  ['_int8', 'int8'],
  ['_uint8', 'int8'],
  ['_fp16', 'fp16-weights'],
  ['_q4', 'int4-weights'],
  ['_q4f16', 'int4-weights'],
  ['_bnb4', 'int4-weights'],
]

/** Without a wish: small and fast on the processor first. */
const PREFERRED: readonly NumberFormat[] = ['int8', 'fp32', 'fp16-weights', 'int4-weights']

/** Names of the parts; the first of each that is there is taken. */
const PARTS = {
  't5-onnx': [['encoder_model'], ['decoder_model_merged', 'decoder_model']],
  encoder: [['model']],
} as const satisfies Partial<Record<ModelKind, readonly (readonly string[])[]>>

export type OnnxKind = keyof typeof PARTS

export const isOnnxKind = (kind: ModelKind): kind is OnnxKind => kind in PARTS

/** What a published folder holds, by the paths of its files: T5 in safetensors before ONNX, which is asked less well. */
export function kindOfFolder(paths: readonly string[]): ModelKind {
  if (paths.includes('adapter_config.json')) return 'adapter'
  if (paths.some((path) => /^onnx\/model(_\w+)?\.onnx$/.test(path))) return 'encoder'
  return paths.some((path) => /^[^/]+\.safetensors$/.test(path)) ? 't5' : 't5-onnx'
}

export interface OnnxFiles {
  readonly numberFormat: NumberFormat
  /** Paths of the graphs: of T5 the encoder and the decoder, of a classifier the one. */
  readonly graphs: readonly string[]
}

/**
 * The files of a model among `paths`, in the number format that is asked for where there is one, else in the best there is.
 * Throws ModelFormatError where no format is complete.
 */
export function findOnnxFiles(
  kind: OnnxKind,
  paths: readonly string[],
  wanted: NumberFormat | undefined,
): OnnxFiles {
  const there = new Set(paths)
  const order = [...(wanted ? [wanted] : []), ...PREFERRED]
  for (const format of order)
    for (const [suffix, of] of FORMATS) {
      const graphs = PARTS[kind].map((names) =>
        names.map((name) => `onnx/${name}${suffix}.onnx`).find((path) => there.has(path)),
      )
      const found = graphs.filter((path) => path !== undefined)
      if (of === format && found.length === graphs.length) return { numberFormat: format, graphs: found }
    }
  const names = PARTS[kind].map(([name]) => `onnx/${name}*.onnx`).join(' and ')
  throw new ModelFormatError(
    'onnx',
    'folder',
    names,
    paths.filter((path) => path.endsWith('.onnx')).join(', '),
  )
}

/** Whether a file holds weights of a graph outside of it: `<graph>_data`, `<graph>_data_1`, … */
export const isDataOf = (graph: string, path: string): boolean =>
  path.startsWith(`${graph}_data`) && /^(_\d+)?$/.test(path.slice(`${graph}_data`.length))
