import { parseSafetensors } from '../../../workers/formats/safetensors'
import { tinyFile } from '../tiny-model'
import type { MalformedCase } from './malformed-case'
import { putTogether, takeApart } from './safetensors-parts'

const FILE = 'model.safetensors'
/** A projection, a gain, a bias and the table stand for the others. */
const TENSORS = [
  'shared.weight',
  'encoder.block.1.layer.1.DenseReluDense.wo.weight',
  'decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight',
  'decoder.final_layer_norm.weight',
]

const valid = tinyFile('gated-untied/model.safetensors')
const { header, data } = takeApart(valid)

interface HeaderEntry {
  dtype: unknown
  shape: unknown
  data_offsets: [number, number]
}

const container = (title: string, bytes: Uint8Array, ...names: string[]): MalformedCase => ({
  title,
  read: () => parseSafetensors(bytes, FILE),
  names: [FILE, ...names],
})

function truncations(): MalformedCase[] {
  const headerEnd = 8 + header.length
  const entries = Object.entries(JSON.parse(header) as Record<string, HeaderEntry>)
  const ends = entries
    .filter(([name]) => name !== '__metadata__')
    .map(([, entry]) => headerEnd + entry.data_offsets[1])
    .filter((_, index) => index % 4 === 0)
  const offsets = [
    0,
    1,
    7,
    8,
    9,
    headerEnd >> 1,
    headerEnd - 1,
    headerEnd,
    headerEnd + 1,
    valid.byteLength - 1,
  ]
  return [...offsets, ...ends.flatMap((end) => [end - 1, end])]
    .filter((end) => end < valid.byteLength)
    .map((end) => container(`cut after ${end} bytes`, valid.slice(0, end)))
}

function headerLengths(): MalformedCase[] {
  const length = BigInt(header.length)
  const claims = [0n, 1n, length - 1n, length + 1n, length * 2n, BigInt(valid.byteLength), 100_000_001n]
  return [...claims, 2n ** 31n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n].map((claim) =>
    container(`header said to have ${claim} bytes`, putTogether(header, data, claim)),
  )
}

function headerTexts(): MalformedCase[] {
  const body = header.slice(1)
  const tensor = '"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}'
  const texts: Record<string, string | Uint8Array> = {
    'not JSON': 'weights',
    'a list': '[]',
    'a number': '1',
    null: 'null',
    'cut JSON': header.slice(0, -2),
    'a trailing comma': header.replace(/}$/, ',}'),
    'text after the object': `${header} x`,
    'a byte order mark': `\uFEFF${header}`,
    'space before the object': ` ${header}`,
    'a NUL': header.replace('F32', 'F\0'),
    'NaN for a number': header.replace('"shape":[', '"shape":[NaN,'),
    'deep lists': `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    'deep lists, never closed': `{"x":${'['.repeat(1_000_000)}`,
    'deep objects': '{"x":'.repeat(100_000),
    'an endless string': `{"${'a'.repeat(1_000_000)}`,
    'backslashes to the end': `{"${'\\'.repeat(1_000_001)}`,
    'a tensor twice': `{${tensor},${tensor},${body}`,
    'a tensor twice, once escaped': `{${tensor},${tensor.replace('x', '\\u0078')},${body}`,
    'a tensor named __proto__': `{${tensor.replace('x', '__proto__')},${body}`,
    'a prototype as metadata': `{"__metadata__":{"__proto__":"x"},${body}`,
    'metadata that are a list': header.replace(/"__metadata__":{[^}]*}/, '"__metadata__":[]'),
    'metadata that are numbers': header.replace(/"__metadata__":{[^}]*}/, '"__metadata__":{"format":1}'),
    'a tensor that is null': `{"x":null,${body}`,
    'a tensor that is a list': `{"x":[],${body}`,
    'a very long name': `{${tensor.replace('x', 'x'.repeat(10_000))},${body}`,
    'too many tensors': `{${Array.from({ length: 8_193 }, (_, index) => tensor.replace('x', String(index))).join(',')}}`,
    'too much metadata': `{"__metadata__":{${Array.from({ length: 4_097 }, (_, index) => `"${index}":""`).join(',')}}}`,
    'more than ten megabytes': `{}${' '.repeat(10_000_000)}`,
    'bytes that are not UTF-8': new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
  }
  return Object.entries(texts).map(([title, text]) => container(`header: ${title}`, putTogether(text, data)))
}

const ENTRY_EDITS: Record<string, (entry: HeaderEntry) => object> = {
  'an unknown dtype': (entry) => ({ ...entry, dtype: 'F8_E4M3' }),
  'a dtype from the prototype': (entry) => ({ ...entry, dtype: 'toString' }),
  'no dtype': (entry) => ({ ...entry, dtype: undefined }),
  'a wider dtype': (entry) => ({ ...entry, dtype: 'I64' }),
  'no shape': (entry) => ({ ...entry, shape: undefined }),
  'a text as shape': (entry) => ({ ...entry, shape: '64' }),
  'a negative size': (entry) => ({ ...entry, shape: [-4, -4] }),
  'a fraction as size': (entry) => ({ ...entry, shape: [1.5] }),
  'a size beyond 2^53': (entry) => ({ ...entry, shape: [2 ** 60] }),
  'sizes whose product overflows': (entry) => ({ ...entry, shape: [2 ** 50, 2 ** 50, 2 ** 50] }),
  'sizes whose product wraps to zero in 64 bits': (entry) => ({ ...entry, shape: [2 ** 32, 2 ** 32] }),
  'nine axes': (entry) => ({ ...entry, shape: [1, 1, 1, 1, 1, 1, 1, 1, 1] }),
  'a smaller shape': (entry) => ({ ...entry, shape: [1] }),
  'no offsets': (entry) => ({ ...entry, data_offsets: undefined }),
  'one offset': (entry) => ({ ...entry, data_offsets: [0] }),
  'three offsets': (entry) => ({ ...entry, data_offsets: [...entry.data_offsets, 0] }),
  'offsets reversed': (entry) => ({ ...entry, data_offsets: [...entry.data_offsets].reverse() }),
  'a negative begin': ({ data_offsets: [begin, end], ...entry }) => ({
    ...entry,
    data_offsets: [begin - end - 4, -4],
  }),
  'fractions as offsets': ({ data_offsets: [begin, end], ...entry }) => ({
    ...entry,
    data_offsets: [begin + 0.5, end + 0.5],
  }),
  'an end beyond the file': ({ data_offsets: [begin, end], ...entry }) => ({
    ...entry,
    data_offsets: [begin + 2 ** 40, end + 2 ** 40],
  }),
  'data one byte long too many': ({ data_offsets: [begin, end], ...entry }) => ({
    ...entry,
    data_offsets: [begin, end + 1],
  }),
}

function tensorEdits(): MalformedCase[] {
  const entries = JSON.parse(header) as Record<string, HeaderEntry>
  return TENSORS.flatMap((name) =>
    Object.entries(ENTRY_EDITS).map(([title, edit]) => {
      const entry = entries[name]
      if (!entry) throw new Error(`${name} is not in the fixture`)
      const edited = JSON.stringify({ ...entries, [name]: edit(entry) })
      return container(`${name}: ${title}`, putTogether(edited, data), name)
    }),
  )
}

/** Shifts and gaps concern two tensors or the whole, so only the file is sure to be named. */
function coverage(): MalformedCase[] {
  const entries = JSON.parse(header) as Record<string, HeaderEntry>
  const shifted = (name: string, by: number) => {
    const entry = entries[name]
    if (!entry) throw new Error(`${name} is not in the fixture`)
    const [begin, end] = entry.data_offsets
    return JSON.stringify({ ...entries, [name]: { ...entry, data_offsets: [begin + by, end + by] } })
  }
  return [
    container('tensors that overlap', putTogether(shifted('shared.weight', -4), data), 'tensor'),
    container('tensors at the same place', putTogether(shifted('shared.weight', 4), data), 'tensor'),
    container('bytes after the last tensor', putTogether(header, new Uint8Array([...data, 0])), 'data'),
    container('no tensors but data', putTogether('{}', data), 'data'),
  ]
}

/** Files that break the container; most leave the rest of the file as it was. */
export const containerCases = (): readonly MalformedCase[] => [
  ...truncations(),
  ...headerLengths(),
  ...headerTexts(),
  ...tensorEdits(),
  ...coverage(),
]
