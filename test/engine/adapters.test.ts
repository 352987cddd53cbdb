import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ExportPiece } from '../../src/engine/adapters'
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
    ['base', origin, 'cannot be called base'],
    ['mine', { ...origin, weights: new Uint8Array([1, 2, 3]) }, 'adapter_model.safetensors'],
    ['mine', { ...origin, config: new TextEncoder().encode('{"peft_type":"IA3"}') }, 'peft_type'],
    ['mine', { kind: 'stored', model: 'nowhere' }, 'nowhere'],
  ] as const)('refuses %s, %o with a sentence, and changes nothing', async (adapter, from, message) => {
    const outcome = await connected.client.addAdapter({ model, adapter, origin: from })
    expect(outcome.ok ? '' : outcome.error.message).toContain(message)
    expect(valueOf(await connected.client.load({ model, numberFormat: 'int8' })).adapters).toEqual([
      'finance',
    ])
  })

  it('refuses an adapter of a larger model, naming the tensor', async () => {
    const other = (path: string) =>
      new Uint8Array(readFileSync(`public/models/smallcap-t5-mini/adapter-finance/${path}`))
    const larger = {
      kind: 'files' as const,
      config: other('adapter_config.json'),
      weights: other('adapter_model.safetensors'),
    }
    const outcome = await connected.client.addAdapter({ model, adapter: 'mini', origin: larger })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-model' } })
    expect(outcome.ok ? '' : outcome.error.message).toMatch(
      /mini\/adapter_model\.safetensors: tensor "base_model/,
    )
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
