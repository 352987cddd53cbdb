import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Mode, Task } from '../../src/domain/task'
import type { ExportPiece } from '../../src/engine/adapters'
import type { NumberFormat } from '../../src/engine/contract'
import { convertModel } from '../../scripts/convert/convert-model'
import { createNodeEngine } from '../../scripts/node/node-engine'
import { FLAN_TASK } from '../../workers/formats/default-task'
import { joined } from '../support/joined'
import { connect, valueOf } from './channel'

const fixture = resolve('test/fixtures/nano-fp32')
const flanTokenizer = resolve('../shared/data/flan-t5-small-config')
const texts = ['Shares rose after the forecast was raised.', 'The plant will close.', 'x'.repeat(3000)]
let room: string

beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'published-'))
  await cp(fixture, join(room, 'published'), { recursive: true })
  await convertModel({ source: join(room, 'published'), out: join(room, 'packed') })
})

afterAll(() => rm(room, { recursive: true }))

const load = async (model: string, numberFormat: NumberFormat) => {
  const { client } = connect(() => createNodeEngine(room, 1))
  return { client, summary: valueOf(await client.load({ model, numberFormat })) }
}

async function classify(
  { client, summary }: Awaited<ReturnType<typeof load>>,
  mode: Mode,
  task: Task = summary.task,
): Promise<readonly (readonly number[])[]> {
  const found: (readonly number[])[] = []
  const request = { model: summary.model, task, mode, texts }
  const onResults = (results: readonly { probabilities: readonly number[] }[]) =>
    found.push(...results.map(({ probabilities }) => probabilities))
  valueOf(await client.classify(request, { onResults }))
  return found
}

const greatest = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number =>
  Math.max(...a.flatMap((row, text) => row.map((p, label) => Math.abs(p - (b[text]?.[label] ?? NaN)))))

describe('a model without a task of its own', () => {
  it.each([
    ['published', 'fp32'],
    ['packed', 'int8'],
  ] as const)('is asked as Flan-T5 was trained (%s, %s)', async (model, numberFormat) => {
    const loaded = await load(model, numberFormat)
    expect(loaded.summary.task).toEqual(FLAN_TASK)
    expect(loaded.summary.parameters).toBe(2_000_768)
    const rows = await classify(loaded, { kind: 'zero-shot' })
    for (const row of rows) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9)
  })

  it.skipIf(!existsSync(flanTokenizer))('reads the words of its task with Flan’s own tokenizer', async () => {
    const folder = join(room, 'flan-words')
    await mkdir(folder)
    for (const file of ['tokenizer.json', 'tokenizer_config.json'])
      await cp(join(flanTokenizer, file), join(folder, file))
    const config = {
      model_type: 't5',
      vocab_size: 32128,
      d_model: 8,
      d_kv: 4,
      d_ff: 8,
      num_layers: 1,
      num_heads: 2,
    }
    await writeFile(
      join(folder, 'config.json'),
      JSON.stringify({ ...config, feed_forward_proj: 'gated-gelu' }),
    )
    const { writeSafetensors } = await import('../../workers/formats/safetensors-writer')
    const { randomTensors } = await import('../../scripts/bench/random-tensors')
    const { parseT5Config } = await import('../../workers/formats/t5-config')
    const parsed = parseT5Config(
      new TextEncoder().encode(JSON.stringify({ ...config, feed_forward_proj: 'gated-gelu' })),
      'config.json',
    )
    await writeFile(join(folder, 'model.safetensors'), writeSafetensors(randomTensors(parsed)))
    const loaded = await load('flan-words', 'fp32')
    const view = valueOf(
      await loaded.client.inspect({
        model: 'flan-words',
        task: loaded.summary.task,
        mode: { kind: 'zero-shot' },
        text: 'Profit rose.',
      }),
    )
    expect(view.labelTokens.map((tokens) => tokens.map(({ piece }) => piece))).toEqual([
      ['▁negative'],
      ['▁neutral'],
      ['▁positive'],
    ])
    expect(view.tokens.some(({ isUnknown }) => isUnknown)).toBe(false)
  })
})

describe('the same model by both roads', () => {
  it('gives the same probabilities in fp32, whatever is asked', async () => {
    const ours = await load('published', 'fp32')
    const pieces: ExportPiece[] = []
    const request = { model: 'published', layout: 'onnx' } as const
    valueOf(await ours.client.exportModel(request, { onPiece: (piece) => pieces.push(piece) }))
    for (const path of new Set(pieces.map((piece) => piece.path))) {
      await mkdir(join(room, 'exported', 'onnx'), { recursive: true })
      const own = pieces.filter((piece) => piece.path === path).map(({ bytes }) => bytes)
      await writeFile(join(room, 'exported', path), joined(own))
    }
    const theirs = await load('exported', 'fp32')
    expect(theirs.summary).toMatchObject({
      numberFormat: 'fp32',
      parameters: 2_000_768,
      modes: ['zero-shot', 'k-shot'],
      backends: ['wasm'],
      areLabelsFixed: false,
    })
    const pool = [
      { text: 'Sales fell.', labelId: 'negative' },
      { text: 'Sales grew.', labelId: 'positive' },
      { text: 'The board met.', labelId: 'neutral' },
    ]
    const several = FLAN_TASK.labels.map((label) => ({ ...label, words: `very ${label.words}` }))
    for (const [mode, task] of [
      [{ kind: 'zero-shot' }, FLAN_TASK],
      [{ kind: 'k-shot', k: 2, policy: 'similar', seed: 1, pool }, FLAN_TASK],
      [{ kind: 'zero-shot' }, { ...FLAN_TASK, labels: several }],
      [{ kind: 'zero-shot' }, { ...FLAN_TASK, template: '{text} It was <extra_id_0> .' }],
    ] as const) {
      const [a, b] = [await classify(ours, mode, task), await classify(theirs, mode, task)]
      expect(greatest(a, b)).toBeLessThan(1e-3)
    }
    const refused = await theirs.client.addAdapter({
      model: 'exported',
      adapter: 'a',
      origin: { kind: 'stored', model: 'published' },
    })
    expect(refused.ok ? '' : refused.error.message).toContain('Take the model in safetensors instead.')
  })
})
