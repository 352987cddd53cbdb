import { JsonFields } from './json-fields'

/** Ranks in use go from 4 to 256. */
const MAX_RANK = 1_024
const MAX_ALPHA = 1_000_000
const MAX_PATTERNS = 4_096
const MAX_NAME_LENGTH = 256

/** What PEFT's `adapter_config.json` says of a module: its rank and the factor on B·A. */
export interface LoraSettings {
  readonly rank: number
  /** alpha / rank, or alpha / √rank in rank-stabilised LoRA. */
  readonly scaling: number
}

/** What PEFT's `adapter_config.json` says. */
export interface AdapterConfig {
  /** The settings of a module by its name, e.g. `encoder.block.0.layer.0.SelfAttention.q`. */
  readonly settingsOf: (module: string) => LoraSettings
  /** `base_model_name_or_path`: a name of the hub, or a path of the machine that it was trained on. */
  readonly baseModel?: string
}

/** Starting values that leave the base weights as they were; the others (PiSSA, OLoRA, LoftQ, …) change them. */
const HARMLESS_INITIALISATIONS: readonly unknown[] = [undefined, true, false, 'gaussian', 'eva', 'orthogonal']

/** Options that change what the tensors mean, each with the values under which it is off. */
const UNSUPPORTED_OPTIONS = [
  'use_dora',
  'fan_in_fan_out',
  'lora_bias',
  'use_qalora',
  'use_bdlora',
  'modules_to_save',
  'trainable_token_indices',
  'target_parameters',
  'layer_replication',
  'alora_invocation_tokens',
  'megatron_config',
  'kasa_config',
  'arrow_config',
  'monteclora_config',
]

/** Reads PEFT's LoRA configuration. Throws ModelFormatError naming the field for anything but plain LoRA. */
export function parseAdapterConfig(bytes: Uint8Array, file: string): AdapterConfig {
  const fields = JsonFields.parse(bytes, file)
  requirePlainLora(fields)
  const rank = { min: 1, max: MAX_RANK }
  const alpha = { min: 0, max: MAX_ALPHA }
  const defaultRank = fields.integer('r', { ...rank, fallback: 8 })
  const defaultAlpha = fields.number('lora_alpha', { ...alpha, fallback: 8 })
  const isRankStabilised = fields.boolean('use_rslora', false)
  const rankOf = readPattern(fields, 'rank_pattern', (values, key) => values.integer(key, rank))
  const alphaOf = readPattern(fields, 'alpha_pattern', (values, key) => values.number(key, alpha))
  const baseModel = fields.value('base_model_name_or_path')
  return {
    settingsOf: (module) => {
      const moduleRank = rankOf(module) ?? defaultRank
      const divisor = isRankStabilised ? Math.sqrt(moduleRank) : moduleRank
      return { rank: moduleRank, scaling: (alphaOf(module) ?? defaultAlpha) / divisor }
    },
    ...(typeof baseModel === 'string' &&
      baseModel !== '' && { baseModel: baseModel.slice(0, MAX_NAME_LENGTH) }),
  }
}

function requirePlainLora(fields: JsonFields): void {
  if (fields.value('peft_type') !== 'LORA') throw fields.error('peft_type', '"LORA"')
  if (fields.text('bias', 'none') !== 'none') throw fields.error('bias', '"none"')
  for (const name of UNSUPPORTED_OPTIONS) {
    const value = fields.value(name)
    const isOff = value === undefined || value === false || (Array.isArray(value) && value.length === 0)
    if (!isOff) throw fields.error(name, 'it to be off, as this kind of adapter is not supported')
  }
  if (!HARMLESS_INITIALISATIONS.includes(fields.value('init_lora_weights')))
    throw fields.error(
      'init_lora_weights',
      'a start that leaves the base weights unchanged (convert the adapter to plain LoRA first)',
    )
}

/**
 * PEFT matches a key as a regular expression against the end of a module's name, after a dot; only plain names, with or
 * without a leading `^`, are read here, so that a hostile expression cannot hang the reader. The first match counts.
 */
function readPattern(
  fields: JsonFields,
  name: 'rank_pattern' | 'alpha_pattern',
  read: (values: JsonFields, key: string) => number,
): (module: string) => number | undefined {
  if (!fields.has(name)) return () => undefined
  const values = fields.fields(name)
  if (values.names.length > MAX_PATTERNS)
    throw fields.error(name, `at most ${MAX_PATTERNS} patterns`, String(values.names.length))
  const patterns = values.names.map((key) => {
    if (!/^\^?[\w.]+$/.test(key)) throw values.error(key, 'a module name without regular expression signs')
    return { key, value: read(values, key) }
  })
  return (module) => patterns.find(({ key }) => matches(key, module))?.value
}

function matches(key: string, module: string): boolean {
  if (key.startsWith('^')) return module === key.slice(1)
  return module === key || module.endsWith(`.${key}`)
}
