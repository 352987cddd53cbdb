import { parseAdapter } from '../../../workers/formats/adapter'
import type { TensorView } from '../../../workers/formats/tensor-view'
import { tinyFile, tinyModel } from '../tiny-model'
import type { MalformedCase } from './malformed-case'
import { withTensors } from './safetensors-parts'

const FOLDER = 'adapter-random'
const CONFIG = `${FOLDER}/adapter_config.json`
const WEIGHTS = `${FOLDER}/adapter_model.safetensors`
const A = 'base_model.model.encoder.block.0.layer.0.SelfAttention.q.lora_A.weight'
const B = 'base_model.model.decoder.block.1.layer.2.DenseReluDense.wo.lora_B.weight'

const model = tinyModel('relu-tied').config
const validConfig = tinyFile(`relu-tied/${CONFIG}`)
const validWeights = tinyFile(`relu-tied/${WEIGHTS}`)

const BAD_FIELDS: readonly (readonly [field: string, ...values: unknown[]])[] = [
  ['peft_type', 'IA3', 'lora', undefined],
  ['r', 0, -2, 1.5, '2', 1e9],
  ['lora_alpha', -1, '4', 1e12],
  ['bias', 'all', 'lora_only', 3],
  ['use_rslora', 'yes'],
  ['use_dora', true],
  ['fan_in_fan_out', true],
  ['lora_bias', true],
  ['modules_to_save', ['lm_head']],
  ['layer_replication', [[0, 2]]],
  ['trainable_token_indices', [1]],
  ['init_lora_weights', 'pissa', 'olora', 'loftq', 3],
  ['rank_pattern', [], { q: 0 }, { 'q|k': 2 }, { '(.+)+$': 2 }],
  ['alpha_pattern', 'q', { q: -1 }, { q: 'x' }],
]

const configCases = () =>
  BAD_FIELDS.flatMap(([field, ...values]) =>
    values.map((value): MalformedCase => {
      const json = JSON.parse(new TextDecoder().decode(validConfig)) as Record<string, unknown>
      const config = new TextEncoder().encode(JSON.stringify({ ...json, [field]: value }))
      return {
        title: `${CONFIG}: ${field} = ${JSON.stringify(value)}`,
        read: () => parseAdapter(model, { folder: FOLDER, config, weights: validWeights }),
        names: [CONFIG, field],
      }
    }),
  )

function weightsCase(title: string, weights: Uint8Array, ...names: string[]): MalformedCase {
  return {
    title: `${WEIGHTS}: ${title}`,
    read: () => parseAdapter(model, { folder: FOLDER, config: validConfig, weights }),
    names: [WEIGHTS, ...names],
  }
}

const edited = (name: string, change: (tensor: TensorView) => TensorView | undefined) =>
  withTensors(validWeights, (tensor) => (tensor.name === name ? change(tensor) : tensor))

const OTHER_NAMES = [
  'base_model.model.lm_head.lora_A.weight',
  'base_model.model.shared.lora_embedding_A',
  'base_model.model.encoder.block.9.layer.0.SelfAttention.q.lora_A.weight',
  'base_model.model.encoder.block.0.layer.0.SelfAttention.q.lora_magnitude_vector.weight',
  'encoder.block.0.layer.0.SelfAttention.q.lora_A.weight',
  'base_model.model.__proto__x.lora_A.weight',
]

const weightsCases = () => [
  weightsCase('an empty file', new Uint8Array()),
  weightsCase(
    'no tensors',
    withTensors(validWeights, () => undefined),
  ),
  weightsCase('cut in half', validWeights.slice(0, validWeights.byteLength / 2)),
  ...OTHER_NAMES.map((name) =>
    weightsCase(
      `a tensor named ${name}`,
      edited(A, (tensor) => ({ ...tensor, name })),
      name,
    ),
  ),
  ...[A, B].flatMap((name) => [
    weightsCase(
      `without ${name}`,
      edited(name, () => undefined),
      name,
    ),
    weightsCase(
      `${name} transposed`,
      edited(name, (tensor) => ({ ...tensor, shape: [...tensor.shape].reverse() })),
      name,
    ),
    weightsCase(
      `${name} flat`,
      edited(name, (tensor) => ({ ...tensor, shape: [tensor.bytes.byteLength / 4] })),
      name,
    ),
    weightsCase(
      `${name} of integers`,
      edited(name, (tensor) => ({ ...tensor, dtype: 'I32' })),
      name,
    ),
    weightsCase(
      `${name} not finite`,
      edited(name, (tensor) => ({ ...tensor, bytes: new Uint8Array(tensor.bytes.byteLength).fill(0xff) })),
      name,
    ),
  ]),
]

/** LoRA adapters that are damaged, of another kind, or of another model. */
export const adapterCases = (): readonly MalformedCase[] => [...configCases(), ...weightsCases()]
