import { parseAdapterConfig, type LoraSettings } from './adapter-config'
import { ModelFormatError, quoted } from './format-error'
import { parseSafetensors } from './safetensors'
import type { T5Config } from './t5-config'
import { t5Projections, type Projection } from './t5-tensors'
import { WeightTensors } from './weight-tensors'

/** The low-rank change of one projection: W + b·a, in PyTorch's layout. */
export interface AdapterModule {
  readonly rank: number
  /** [rank, inFeatures] row-major. */
  readonly a: Float32Array
  /** [outFeatures, rank] row-major, with PEFT's scaling folded in. */
  readonly b: Float32Array
}

/** A LoRA adapter; modules are named as in the model, e.g. `encoder.block.0.layer.0.SelfAttention.q`. */
export interface Adapter {
  readonly name: string
  /** The model that it was trained on, as its configuration names it. */
  readonly baseModel?: string
  readonly modules: ReadonlyMap<string, AdapterModule>
}

/** The two files of PEFT's layout. */
export interface AdapterFiles {
  /** Folder of the files, e.g. `adapter-finance`; errors name it, and the adapter is named after it. */
  readonly folder: string
  readonly config: Uint8Array
  readonly weights: Uint8Array
}

const FOLDER_PREFIX = 'adapter-'
/** Tensors of what is no plain LoRA, under whatever name its configuration goes. */
const OTHER_METHODS: readonly (readonly [part: string, method: string])[] = [
  ['lora_magnitude_vector', 'a DoRA adapter, which is not supported'],
  ['lora_embedding_', 'a LoRA of the vocabulary table, which is not supported'],
  ['modules_to_save', 'whole modules beside the LoRA, which are not supported'],
  ['.ia3_', 'an IA3 adapter, which is not supported'],
]

/** Old versions of PEFT leave the adapter's name, `default`, in. */
export const TENSOR_NAME = /^base_model\.model\.([\w.]+)\.lora_([AB])(\.default)?\.weight$/

/** `adapter-finance` → `finance`. */
export function adapterName(folder: string): string {
  return folder.startsWith(FOLDER_PREFIX) ? folder.slice(FOLDER_PREFIX.length) : folder
}

/**
 * Reads a LoRA adapter in PEFT's layout (F32, F16 or BF16) and checks each tensor against the model's projections.
 * Throws ModelFormatError naming the file and the tensor or field.
 */
export function parseAdapter(
  config: T5Config,
  { folder, config: configBytes, weights }: AdapterFiles,
): Adapter {
  const { settingsOf, baseModel } = parseAdapterConfig(configBytes, `${folder}/adapter_config.json`)
  const file = `${folder}/adapter_model.safetensors`
  const source = parseSafetensors(weights, file)
  const tensors = new WeightTensors(source, file)
  const linears = new Map(t5Projections(config).map((linear) => [linear.module, linear]))
  const targets = new Map<string, Projection>()
  for (const name of source.tensors.keys()) {
    const linear = linears.get(TENSOR_NAME.exec(name)?.[1] ?? '')
    const method = OTHER_METHODS.find(([part]) => name.includes(part))
    if (method)
      throw new ModelFormatError(file, `tensor ${quoted(name)}`, 'lora_A and lora_B alone', method[1])
    if (!linear)
      throw new ModelFormatError(
        file,
        `tensor ${quoted(name)}`,
        'base_model.model.<projection of this model>.lora_A.weight or lora_B.weight',
        'another name',
      )
    targets.set(linear.module, linear)
  }
  if (targets.size === 0)
    throw new ModelFormatError(file, 'file', 'the lora_A and lora_B of at least one projection', 'no tensors')
  const modules = [...targets].map(
    ([module, linear]) => [module, readModule(tensors, linear, settingsOf(module))] as const,
  )
  return {
    name: adapterName(folder),
    ...(baseModel !== undefined && { baseModel }),
    modules: new Map(modules),
  }
}

function readModule(
  tensors: WeightTensors,
  { module, inFeatures, outFeatures }: Projection,
  { rank, scaling }: LoraSettings,
): AdapterModule {
  const nameOf = (factor: 'A' | 'B') => {
    const stem = `base_model.model.${module}.lora_${factor}`
    return tensors.has(`${stem}.default.weight`) ? `${stem}.default.weight` : `${stem}.weight`
  }
  const a = tensors.finite(nameOf('A'), [rank, inFeatures])
  const b = tensors.finite(nameOf('B'), [outFeatures, rank])
  return { rank, a, b: b.map((value) => value * scaling) }
}
