import { decodeF16 } from '../../../workers/formats/half'
import { PACK_METADATA, packMetadata } from '../../../workers/formats/pack-metadata'
import { packTensors } from '../pack-tensors'
import { readModelWeights } from '../../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../../workers/formats/safetensors'
import { writeSafetensors } from '../../../workers/formats/safetensors-writer'
import type { TensorView } from '../../../workers/formats/tensor-view'
import { randomModel } from '../random-model'
import { tinyFile, tinyModel } from '../tiny-model'
import type { MalformedCase } from './malformed-case'
import { withTensors } from './safetensors-parts'

const FILE = 'model.safetensors'
const Q = 'encoder.block.0.layer.0.SelfAttention.q.weight'
const WI_1 = 'decoder.block.1.layer.2.DenseReluDense.wi_1.weight'
const NORM = 'encoder.block.1.layer.1.layer_norm.weight'
const BIAS = 'decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight'

const { config, weights } = tinyModel('gated-untied')
const valid = tinyFile('gated-untied/model.safetensors')
const pack = writeSafetensors(packTensors(config, weights), PACK_METADATA)
// Its inputs are whole blocks, which those of the fixtures are not.
const random = randomModel()
const int4Pack = writeSafetensors(packTensors(random.config, random.weights, 'int4'), packMetadata.int4)

const weightsCase = (title: string, bytes: Uint8Array, ...names: string[]): MalformedCase => ({
  title,
  read: () => readModelWeights(config, parseSafetensors(bytes, FILE), FILE),
  names: [FILE, ...names],
})

const edited = (bytes: Uint8Array, name: string, change: (tensor: TensorView) => TensorView | undefined) =>
  withTensors(bytes, (tensor) => (tensor.name === name ? change(tensor) : tensor))

const withFloat = (value: number) => (tensor: TensorView) => {
  const floats = new Float32Array(new Uint8Array(tensor.bytes).buffer)
  floats[floats.length - 1] = value
  return { ...tensor, bytes: new Uint8Array(floats.buffer) }
}

const missing = () =>
  [...parseSafetensors(valid, FILE).tensors.keys()].map((name) =>
    weightsCase(
      `without ${name}`,
      edited(valid, name, () => undefined),
      name,
      'no tensor',
    ),
  )

const SHAPE_EDITS: Record<string, (tensor: TensorView) => TensorView> = {
  'reversed or split axes': (tensor) => ({
    ...tensor,
    shape: tensor.shape.length === 1 ? [2, (tensor.shape[0] ?? 0) / 2] : [...tensor.shape].reverse(),
  }),
  'one axis too many': (tensor) => ({ ...tensor, shape: [1, ...tensor.shape] }),
  'half of the rows': (tensor) => ({
    ...tensor,
    shape: [(tensor.shape[0] ?? 0) / 2, ...tensor.shape.slice(1)],
    bytes: tensor.bytes.subarray(0, tensor.bytes.byteLength / 2),
  }),
  'integers instead of floats': (tensor) => ({ ...tensor, dtype: 'I32' }),
  'int8 outside a pack': (tensor) => ({
    ...tensor,
    dtype: 'I8',
    bytes: tensor.bytes.subarray(0, tensor.bytes.byteLength / 4),
  }),
}

const shapes = () =>
  ['shared.weight', 'lm_head.weight', Q, WI_1, NORM, BIAS].flatMap((name) =>
    Object.entries(SHAPE_EDITS).map(([title, change]) =>
      weightsCase(`${name} with ${title}`, edited(valid, name, change), name),
    ),
  )

const values = () =>
  [NORM, BIAS].flatMap((name) =>
    [NaN, Infinity, -Infinity].map((value) =>
      weightsCase(`${name} with ${value}`, edited(valid, name, withFloat(value)), name, String(value)),
    ),
  )

const packs = () => [
  ...[`${Q}.scale`, 'shared.weight.scale', 'lm_head.weight.scale'].flatMap((name) => [
    weightsCase(
      `pack without ${name}`,
      edited(pack, name, () => undefined),
      name,
    ),
    ...[NaN, Infinity, 0, -1].map((value) =>
      weightsCase(`pack with ${value} in ${name}`, edited(pack, name, withFloat(value)), name),
    ),
    weightsCase(
      `pack with one scale too few in ${name}`,
      edited(pack, name, (tensor) => ({
        ...tensor,
        shape: [(tensor.shape[0] ?? 0) - 1],
        bytes: tensor.bytes.subarray(4),
      })),
      name,
    ),
  ]),
  weightsCase('pack with codes transposed', edited(pack, WI_1, reversedShape), WI_1),
  weightsCase(
    'pack with unsigned codes',
    edited(pack, Q, (tensor) => ({ ...tensor, dtype: 'U8' })),
    Q,
  ),
  ...Object.entries({ version: '2', quantisation: 'int2-per-block' }).map(([field, value]) =>
    weightsCase(
      `pack of ${field} ${value}`,
      withTensors(
        pack,
        (tensor) => tensor,
        (metadata) => ({ ...metadata, [field]: value }),
      ),
      field,
    ),
  ),
  weightsCase(
    'pack that does not say so',
    withTensors(
      pack,
      (tensor) => tensor,
      () => ({ format: 'pt' }),
    ),
    'shared.weight',
    'I8',
  ),
]

const reversedShape = (tensor: TensorView) => ({ ...tensor, shape: [...tensor.shape].reverse() })

const int4Case = (title: string, bytes: Uint8Array, ...names: string[]): MalformedCase => ({
  title: `4-bit pack ${title}`,
  read: () => readModelWeights(random.config, parseSafetensors(bytes, FILE), FILE),
  names: [FILE, ...names],
})

const int4Packs = () => [
  int4Case(
    'without scales',
    edited(int4Pack, `${WI_1}.scale`, () => undefined),
    `${WI_1}.scale`,
  ),
  ...[NaN, Infinity, -Infinity].map((value) =>
    int4Case(
      `with ${value} among the scales`,
      edited(int4Pack, `${WI_1}.scale`, (tensor) => withFloat(value)(asFloats(tensor))),
      `${WI_1}.scale`,
      String(value),
    ),
  ),
  int4Case(
    'with one scale per output',
    edited(int4Pack, `${WI_1}.scale`, (tensor) => ({
      ...tensor,
      shape: [tensor.shape[0] ?? 0],
      bytes: tensor.bytes.subarray(0, tensor.bytes.byteLength / 2),
    })),
    `${WI_1}.scale`,
  ),
  int4Case(
    'without zero points',
    edited(int4Pack, `${WI_1}.zero_point`, () => undefined),
    `${WI_1}.zero_point`,
  ),
  int4Case(
    'with signed zero points',
    edited(int4Pack, `${WI_1}.zero_point`, (tensor) => ({ ...tensor, dtype: 'I8' })),
    `${WI_1}.zero_point`,
    'I8',
  ),
  int4Case(
    'with a zero point too many',
    edited(int4Pack, `${WI_1}.zero_point`, (tensor) => ({
      ...tensor,
      shape: [(tensor.shape[0] ?? 0) / 2, (tensor.shape[1] ?? 0) * 2],
    })),
    `${WI_1}.zero_point`,
  ),
  int4Case('with codes transposed', edited(int4Pack, WI_1, reversedShape), WI_1),
  int4Case(
    'with a code to a byte',
    edited(int4Pack, WI_1, (tensor) => ({
      ...tensor,
      shape: tensor.shape.map((size, axis) => (axis === 2 ? size * 2 : size)),
      bytes: new Uint8Array(tensor.bytes.byteLength * 2),
    })),
    WI_1,
  ),
  int4Case(
    'with half of the outputs',
    edited(int4Pack, WI_1, (tensor) => ({
      ...tensor,
      shape: tensor.shape.map((size, axis) => (axis === 0 ? size / 2 : size)),
      bytes: tensor.bytes.subarray(0, tensor.bytes.byteLength / 2),
    })),
    WI_1,
  ),
  int4Case(
    'with wide codes',
    edited(int4Pack, WI_1, (tensor) => ({
      ...tensor,
      dtype: 'I32',
      shape: tensor.shape.map((size, axis) => (axis === 2 ? size / 4 : size)),
    })),
    WI_1,
    'I32',
  ),
  int4Case(
    'with 4-bit embeddings',
    edited(int4Pack, 'shared.weight', (tensor) => ({ ...tensor, dtype: 'U8' })),
    'shared.weight',
    'U8',
  ),
  int4Case(
    'that says it has 8 bits',
    withTensors(
      int4Pack,
      (tensor) => tensor,
      () => PACK_METADATA,
    ),
    'U8',
  ),
  int4Case(
    'that does not say so',
    withTensors(
      int4Pack,
      (tensor) => tensor,
      () => ({ format: 'pt' }),
    ),
    'shared.weight',
    'I8',
  ),
  weightsCase(
    '4-bit pack with blocks that do not fit',
    withTensors(
      edited(pack, Q, (tensor) => ({ ...tensor, dtype: 'U8' })),
      (tensor) => tensor,
      () => packMetadata.int4,
    ),
    Q,
    'U8',
  ),
]

/** The same values in 32 bits, so that one can be exchanged. */
const asFloats = (tensor: TensorView): TensorView => {
  const floats = decodeF16(tensor.bytes)
  return { ...tensor, dtype: 'F32', bytes: new Uint8Array(floats.buffer) }
}

/** Whole containers that do not hold the model that the configuration speaks of. */
export const weightsCases = (): readonly MalformedCase[] => [
  ...missing(),
  ...shapes(),
  ...values(),
  ...packs(),
  ...int4Packs(),
]
