import { readFileSync } from 'node:fs'
import { quoted } from '../../../workers/formats/format-error'
import { readFormatLoss } from '../../../workers/formats/format-loss'
import { parseModelManifest } from '../../../workers/formats/model-manifest'
import { parseT5Config } from '../../../workers/formats/t5-config'
import { parseTaskFile } from '../../../workers/formats/task-file'
import { readTestScores } from '../../../workers/formats/test-scores'
import { tinyFile } from '../tiny-model'
import type { MalformedCase } from './malformed-case'

type Parse = (bytes: Uint8Array, file: string) => unknown
/** A path into the JSON, the values put there, and what the message must name if not the path's last part. */
export type Edit = readonly [path: readonly (string | number)[], values: readonly unknown[], named?: string]

const embedded = (file: string) =>
  new Uint8Array(readFileSync(new URL(`../../../public/models/smallcap-t5-nano/${file}`, import.meta.url)))

const BAD_INTEGERS = [-1, 1.5, '8', 1e15, true, [], {}]

const CONFIG_EDITS: readonly Edit[] = [
  ...['vocab_size', 'd_model', 'd_kv', 'd_ff', 'num_layers', 'num_decoder_layers', 'num_heads'].map(
    (field): Edit => [[field], [0, ...BAD_INTEGERS]],
  ),
  [['relative_attention_num_buckets'], [0, 3, 1e6, '32']],
  [['relative_attention_max_distance'], [0, 8, 1e9, '128']],
  [['layer_norm_epsilon'], [0, -1e-6, 1, '1e-6', []]],
  [['decoder_start_token_id'], [-1, 64, 0.5, '0']],
  [['pad_token_id'], [-1, 64]],
  [['eos_token_id'], [64, [1]]],
  [['model_type'], ['bert', 'mt5', undefined, 1]],
  [['is_encoder_decoder'], [false, 'yes']],
  [['feed_forward_proj'], ['gelu', 'gated-silu', 'gated-relu', 'toString', '', 7]],
  [['dense_act_fn'], ['relu', 'silu']],
  [['is_gated_act'], [false, 1]],
  [['tie_word_embeddings'], ['false', 0]],
  [['scale_decoder_outputs'], ['yes']],
]

const TASK_EDITS: readonly Edit[] = [
  [['maxInputTokens'], [0, 7, 1e9, '128', undefined]],
  [['prompt'], [undefined, [], 'text']],
  [
    ['prompt', 'template'],
    [undefined, '', 'no slot', '{text} {text}', 7, 'x'.repeat(5_000)],
  ],
  [
    ['prompt', 'optionsSeparator'],
    [7, ''],
  ],
  [
    ['prompt', 'kShot'],
    [undefined, []],
  ],
  [
    ['prompt', 'kShot', 'demonstration'],
    ['{text}', '{label}', undefined],
  ],
  [['prompt', 'kShot', 'separator'], [[]]],
  [
    ['prompt', 'kShot', 'query'],
    ['what', undefined],
  ],
  [['labels'], [undefined, []]],
  [
    ['labels', 'finance'],
    [undefined, {}, [], [{ id: 'a', words: 'a' }], ['negative', 'positive']],
  ],
  [
    ['labels', 'finance', 0],
    [null, 'negative'],
  ],
  [
    ['labels', 'finance', 0, 'id'],
    [undefined, '', 3],
  ],
  [['labels', 'finance', 0, 'id'], ['positive'], 'labels.finance'],
  [
    ['labels', 'finance', 0, 'words'],
    [undefined, '', {}],
  ],
  [['labels', 'finance', 0, 'words'], ['positive'], 'labels.finance'],
  [
    ['labels', 'finance', 0, 'aliases'],
    ['bearish', [1]],
  ],
  [['adapter'], ['adapter-finance', 1]],
  [
    ['adapter', 'folder'],
    [undefined, '', '../secrets', 'a/b', 'https://x'],
  ],
  [['adapter', 'labels'], ['sport', '__proto__', 'toString'], 'labels.'],
]

const HASH = 'a'.repeat(64)
const MANIFEST_EDITS: readonly Edit[] = [
  [['name'], [undefined, '', 3]],
  [['parameters'], [0, 1.5, undefined]],
  [['adapters'], [undefined, 'finance', ['../x'], ['a/b'], [3]]],
  [['files'], [undefined, {}, [1], Array.from({ length: 1_025 }, () => ({}))]],
  [
    ['files', 0, 'path'],
    [undefined, '../model.json', '/etc/passwd', 'a//b', 'https://x/y', '.hidden', 'a\\b'],
  ],
  [['kind'], ['bert', 't5 ', 5]],
  [['files', 0, 'path'], ['config.json'], 'files'],
  [
    ['files', 0, 'sizeBytes'],
    [-1, 0.5, '5', 2 ** 60],
  ],
  [
    ['files', 0, 'sha256'],
    [undefined, 'abc', HASH.toUpperCase(), `${HASH}a`],
  ],
]

const LOSS = {
  data: 'train.csv',
  texts: 500,
  losses: [{ numberFormat: 'int8', weights: 'base', equalLabels: 1, meanDifference: 0, p99Difference: 0.1 }],
}

const LOSS_EDITS: readonly Edit[] = [
  [['texts'], [0, '500', 0.5]],
  [['losses'], [undefined, {}, 'none']],
  [
    ['losses', 0, 'numberFormat'],
    [undefined, 'int2', 8],
  ],
  [
    ['losses', 0, 'equalLabels'],
    [-0.1, 1.1, '1'],
  ],
  [['losses', 0, 'p99Difference'], [2]],
]

const SCORES = {
  scores: [
    { numberFormat: 'int8', weights: 'base', data: 'valid.csv', texts: 9, accuracy: 0.5, macroF1: 0.4 },
  ],
}

const SCORES_EDITS: readonly Edit[] = [
  [['scores'], [undefined, 'many']],
  [['scores', 0, 'numberFormat'], ['fp8']],
  [['scores', 0, 'texts'], [0]],
  [
    ['scores', 0, 'accuracy'],
    [2, null],
  ],
  [['scores', 0, 'macroF1'], [-1]],
]

/** Figures stand as a text among the metadata of a file. */
const ofMetadata =
  (name: string, read: (metadata: ReadonlyMap<string, string>, file: string) => unknown): Parse =>
  (bytes, file) =>
    read(new Map([[name, new TextDecoder().decode(bytes)]]), file)

const encoded = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

const BAD_TEXTS: Record<string, string> = {
  'an empty file': '',
  'not JSON': 'model_type: t5',
  'a web page': '<!doctype html><title>Not found</title>',
  'a list': '[]',
  'a text': '"t5"',
  'cut JSON': '{"model_type": "t5"',
  'a key twice': '{"name":"a","name":"b"}',
  'a prototype': '{"__proto__":{"model_type":"t5"}}',
  'deep nesting': `{"a":${'{"a":'.repeat(50_000)}`,
}

function withValue(json: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(json))
    return json.map((item: unknown, index) => (index === key ? withValue(item, rest, value) : item))
  if (typeof json !== 'object' || json === null) throw new Error(`nothing at ${path.join('.')}`)
  const entries = new Map<string, unknown>(Object.entries(json))
  entries.set(String(key), withValue(entries.get(String(key)), rest, value))
  return Object.fromEntries(entries)
}

/** Broken texts, and a valid file with one thing wrong after another. */
export function editedCases(
  file: string,
  valid: Uint8Array,
  parse: Parse,
  edits: readonly Edit[],
): MalformedCase[] {
  const json: unknown = JSON.parse(new TextDecoder().decode(valid))
  const read = (text: string) => () => parse(new TextEncoder().encode(text), file)
  return [
    ...Object.entries(BAD_TEXTS).map(([title, text]) => ({
      title: `${file}: ${title}`,
      read: read(text),
      names: [file],
    })),
    ...edits.flatMap(([path, values, named]) =>
      values.map((value) => ({
        title: `${file}: ${path.join('.')} = ${quoted(value).slice(0, 40)}`,
        read: read(JSON.stringify(withValue(json, path, value))),
        names: [file, named ?? path.filter((key) => typeof key === 'string').at(-1) ?? ''],
      })),
    ),
  ]
}

/** Configurations, tasks and manifests with one thing wrong. */
export const textCases = (): readonly MalformedCase[] => [
  ...editedCases('config.json', tinyFile('gated-tied/config.json'), parseT5Config, CONFIG_EDITS),
  ...editedCases('task.json', embedded('task.json'), parseTaskFile, TASK_EDITS),
  ...editedCases('model.json', embedded('model.json'), parseModelManifest, MANIFEST_EDITS),
  ...editedCases('loss.safetensors', encoded(LOSS), ofMetadata('loss', readFormatLoss), LOSS_EDITS),
  ...editedCases('scores.safetensors', encoded(SCORES), ofMetadata('scores', readTestScores), SCORES_EDITS),
]
