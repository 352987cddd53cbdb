import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ExportPiece, PutAdapter } from '../../src/engine/adapters'
import type { ModelSummary } from '../../src/engine/contract'
import { createNodeEngine } from '../../scripts/node/node-engine'
import { joined } from '../support/joined'
import { connect, valueOf, type Connected } from './channel'

const model = 'smallcap-t5-nano'
const read = (path: string) => new Uint8Array(readFileSync(`public/models/${model}/adapter-finance/${path}`))
const origin = {
  kind: 'files' as const,
  config: read('adapter_config.json'),
  weights: read('adapter_model.safetensors'),
}
const texts = ['Shares rose after the forecast was raised.', 'The plant will close.']

/** Of the same length, so that the file stays whole. */
const renamed = (from: string, to: string) => (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(from, to), 'latin1'))

let connected: Connected
let summary: ModelSummary

beforeEach(async () => {
  connected = connect(() => createNodeEngine('public/models', 1))
  summary = valueOf(await connected.client.load({ model, numberFormat: 'int8' }))
})

async function scores(adapter: string): Promise<readonly (readonly number[])[]> {
  const found: (readonly number[])[] = []
  const mode = { kind: 'fine-tuned', adapter } as const
  const onResults = (results: readonly { scores: readonly number[] }[]) =>
    found.push(...results.map((result) => result.scores))
  valueOf(await connected.client.classify({ model, task: summary.task, mode, texts }, { onResults }))
  return found
}

describe('addAdapter', () => {
  it('adds one from files, which answers as the one that came with the model', async () => {
    const added = valueOf(await connected.client.addAdapter({ model, adapter: 'mine', origin }))
    expect(added.adapters).toEqual(['finance', 'mine'])
    expect(added.weightsSha256['mine']).toBe(summary.weightsSha256['finance'])
    expect(await scores('mine')).toEqual(await scores('finance'))
    // A load of what is loaded tells of it too.
    expect(valueOf(await connected.client.load({ model, numberFormat: 'int8' })).adapters).toContain('mine')
  })

  it('replaces one of the same name and removes it, the others staying', async () => {
    valueOf(await connected.client.addAdapter({ model, adapter: 'mine', origin }))
    const before = await scores('mine')
    valueOf(await connected.client.addAdapter({ model, adapter: 'mine', origin }))
    expect(await scores('mine')).toEqual(before)
    const removed = valueOf(await connected.client.removeAdapter({ model, adapter: 'mine' }))
    expect(removed.adapters).toEqual(['finance'])
    expect(Object.keys(removed.weightsSha256)).toEqual(['base', 'finance'])
    const outcome = await connected.client.removeAdapter({ model, adapter: 'mine' })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-request' } })
    expect(await scores('finance')).toEqual(before)
  })

  it('adds one in the middle of a run, which goes on with what it began with', async () => {
    const many = Array.from({ length: 300 }, (_, i) => texts[i % 2] ?? '')
    let added: Promise<unknown> | undefined
    let seen = 0
    const mode = { kind: 'fine-tuned', adapter: 'finance' } as const
    const run = await connected.client.classify(
      { model, task: summary.task, mode, texts: many },
      {
        onResults: (results) => {
          seen += results.length
          added ??= connected.client.removeAdapter({ model, adapter: 'finance' })
        },
      },
    )
    expect(valueOf(run)).toMatchObject({ texts: 300, weights: 'finance' })
    expect(seen).toBe(300)
    await added
    const outcome = await connected.client.classify({ model, task: summary.task, mode, texts })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-request' } })
  })

  it.each([
    ['that is called base', 'base', origin, 'cannot be called base'],
    [
      'that is no safetensors',
      'mine',
      { ...origin, weights: new Uint8Array([1, 2, 3]) },
      'adapter_model.safetensors',
    ],
    [
      'of another kind',
      'mine',
      { ...origin, config: new TextEncoder().encode('{"peft_type":"IA3"}') },
      'peft_type',
    ],
    ['that is not stored', 'mine', { kind: 'stored', model: 'nowhere' }, 'nowhere'],
  ] as const)('refuses one %s with a sentence, and changes nothing', async (_, adapter, from, message) => {
    const outcome = await connected.client.addAdapter({ model, adapter, origin: from })
    expect(outcome.ok ? '' : outcome.error.message).toContain(message)
    expect(valueOf(await connected.client.load({ model, numberFormat: 'int8' })).adapters).toEqual([
      'finance',
    ])
  })

  it.each([
    [
      'shape',
      'smallcap-t5-mini',
      (bytes: Uint8Array<ArrayBuffer>) => bytes,
      /was made for a model of another size: at .*SelfAttention\.[qkv] it is 256 wide, and the model is 128\.$/,
    ],
    [
      'no such block',
      model,
      renamed('block.0.', 'block.9.'),
      /changes .*block\.9\..*, which this model does not have/,
    ],
    [
      'no such target',
      model,
      renamed('SelfAttention.q.lora', 'SelfAttention.z.lora'),
      /changes .*SelfAttention\.z, and only q, k, v, o, wi_0, wi_1, wi, wo of the blocks/,
    ],
  ] as const)('says in a sentence why an adapter does not fit: %s', async (_, from, change, message) => {
    const other = (path: string) =>
      new Uint8Array(readFileSync(`public/models/${from}/adapter-finance/${path}`))
    const larger = {
      kind: 'files' as const,
      config: other('adapter_config.json'),
      weights: change(other('adapter_model.safetensors')),
    }
    const outcome = await connected.client.addAdapter({ model, adapter: 'mini', origin: larger })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-model' } })
    expect(outcome.ok ? '' : outcome.error.message).toMatch(
      /^The adapter “mini” cannot be put on smallcap-t5-nano: it /,
    )
    expect(outcome.ok ? '' : outcome.error.message).toMatch(message)
  })
})

describe('load with adapters', () => {
  const load = async (adapters?: readonly PutAdapter[]) =>
    valueOf(await connected.client.load({ model, numberFormat: 'int8', ...(adapters && { adapters }) }))

  it('brings them with the model, takes away what is not named any more, and leaves all as it is unasked', async () => {
    const loaded = await load([{ adapter: 'mine', origin }])
    expect(loaded.adapters).toEqual(['finance', 'mine'])
    expect(loaded.exportBytes?.adapters['mine']).toBe(loaded.exportBytes?.adapters['finance'])
    expect(await scores('mine')).toEqual(await scores('finance'))
    expect((await load()).adapters).toEqual(['finance', 'mine'])
    expect((await load([])).adapters).toEqual(['finance'])
  })

  it('loads the model without one that cannot be had, and says why', async () => {
    const gone = { adapter: 'gone', origin: { kind: 'stored', model: 'nowhere' } } as const
    const loaded = await load([gone, { adapter: 'mine', origin }])
    expect(loaded.adapters).toEqual(['finance', 'mine'])
    expect(loaded.refusedAdapters?.['gone']).toContain('nowhere')
    expect(await load([])).not.toHaveProperty('refusedAdapters')
  })

  it('comes back with them when its worker died', async () => {
    await load([{ adapter: 'mine', origin }])
    await connected.client.restart()
    expect((await load([{ adapter: 'mine', origin }])).adapters).toContain('mine')
  })
})

describe('exportModel', () => {
  async function exported(request: { layout: ExportLayout; adapter?: string }) {
    const pieces: ExportPiece[] = []
    valueOf(
      await connected.client.exportModel({ model, ...request }, { onPiece: (piece) => pieces.push(piece) }),
    )
    const paths = [...new Set(pieces.map(({ path }) => path))]
    return new Map(
      paths.map((path) => [
        path,
        joined(pieces.filter((piece) => piece.path === path).map(({ bytes }) => bytes)),
      ]),
    )
  }
  type ExportLayout = Parameters<Connected['client']['exportModel']>[0]['layout']

  it('writes an adapter that can be added again', async () => {
    const files = await exported({ layout: 'adapter', adapter: 'finance' })
    expect([...files.keys()]).toEqual(['adapter_config.json', 'adapter_model.safetensors'])
    const [config, weights] = [...files.values()]
    if (!config || !weights) throw new Error('Two files were written')
    const again = { kind: 'files' as const, config, weights }
    valueOf(await connected.client.addAdapter({ model, adapter: 'again', origin: again }))
    expect(await scores('again')).toEqual(await scores('finance'))
  })

  it.each(['safetensors', 'onnx'] as const)(
    'writes a merged model as %s with all that it needs',
    async (layout) => {
      const files = await exported({ layout, adapter: 'finance' })
      const weights =
        layout === 'onnx'
          ? ['onnx/encoder_model.onnx', 'onnx/decoder_model_merged.onnx']
          : ['model.safetensors']
      expect([...files.keys()]).toEqual([
        'config.json',
        'tokenizer.json',
        'tokenizer_config.json',
        'task.json',
        ...weights,
      ])
      const bytes = weights.reduce((sum, path) => sum + (files.get(path)?.length ?? 0), 0)
      expect((summary.exportBytes?.[layout] ?? 0) / bytes).toBeCloseTo(1, 1)
    },
  )

  it('says what is missing', async () => {
    for (const [request, message] of [
      [{ model, layout: 'adapter' }, 'Name the adapter'],
      [{ model, layout: 'onnx', adapter: 'medical' }, 'has no adapter “medical”'],
      [{ model: 'other', layout: 'onnx' }, 'not loaded'],
    ] as const) {
      const outcome = await connected.client.exportModel(request, { onPiece: () => undefined })
      expect(outcome.ok ? '' : outcome.error.message).toContain(message)
    }
  })
})
