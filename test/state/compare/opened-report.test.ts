import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SETUPS_AT_MOST } from '../../../src/state/compare/comparison.svelte'
import { makeReport } from '../../../src/state/compare/make-report'
import { figuresFile, pageFile } from '../../../src/state/compare/report'
import { samenessOf } from '../../../src/state/compare/reported-rows'
import { composePage, type PageOptions } from '../../support/compose-page'
import { MemoryStore } from '../../support/memory-store'
import { nodeFile } from '../../support/node-file.mjs'
import { textOfBlob } from '../../support/text-of-blob'

const LINES = ['up', 'down', 'flat', 'odd'].map((text, place) => ({
  line: place + 2,
  text,
  ...(place < 3 && { goldId: ['positive', 'negative', 'neutral'][place] ?? '' }),
}))

async function visit(options: PageOptions & { readonly lines?: typeof LINES } = {}) {
  const { store = new MemoryStore(), lines = LINES } = options
  const smallcap = await composePage({ ...options, store })
  const compared = await smallcap.compareDesk.open()
  if (smallcap.input.isSample)
    smallcap.input.useFile({ name: 'some.csv', lines, skipped: 0, unreadableRows: 0 })
  await smallcap.input.stored()
  return { smallcap, store, ...compared, compared }
}

/** Two set-ups that have answered, and what they are saved as. */
async function saved() {
  const visited = await visit()
  const { comparison, compared } = visited
  await comparison.addPicked()
  const shots = await comparison.addPicked()
  if (shots) comparison.change(shots, { mode: 'k-shot', k: 5, policy: 'balanced', seed: 7 })
  await comparison.runAll()
  const report = await makeReport(compared, compared.report)
  return { ...visited, report, json: await textOfBlob(figuresFile(report)) }
}

const file = (content: string, name = 'theirs.json') => nodeFile(content, name)

describe('a saved comparison', () => {
  it('says how to run it again, and hashes texts, gold labels and demonstrations in place of telling them', async () => {
    const { json, comparison, smallcap } = await saved()
    const lines = LINES.map(({ text }) => JSON.stringify([text]) + '\n').join('')
    const gold = LINES.map(({ goldId }) => JSON.stringify(goldId ?? null) + '\n').join('')
    const { pool } = smallcap.demonstrations
    const shown = pool.map(({ text, labelId }) => JSON.stringify([text, labelId]) + '\n').join('')
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    expect(JSON.parse(json)).toMatchObject({
      ...{ format: 'smallcap-comparison', version: 2 },
      page: { smallcap: '0.0.0', onnxRuntime: '1.0.0', userAgent: 'a browser', processors: 2 },
      texts: { count: 4, sha256: sha256(lines), name: 'some.csv' },
      gold: { count: 3, sha256: sha256(gold) },
      resampling: { resamples: 1000, seed: 1 },
      majority: { n: 3 },
      sides: [
        {
          name: 'nano fine-tuned',
          setup: { mode: { kind: 'fine-tuned', adapter: 'finance' } },
          figures: { n: 3 },
        },
        {
          answered: 4,
          setup: {
            choice: { model: 'smallcap-t5-nano', mode: 'k-shot', k: 5, policy: 'balanced', seed: 7 },
            mode: { demonstrations: { count: pool.length, sha256: sha256(shown) } },
            parts: [{ numberFormat: 'int8', backend: 'wasm', threads: 2, weightsSha256: 'b'.repeat(64) }],
            weightsBytes: 2_078_344,
          },
        },
      ],
    })
    expect(json).not.toContain('"odd"')
    for (const { text } of pool) expect(json).not.toContain(JSON.stringify(text).slice(1, -1))
    expect(comparison.setups).toHaveLength(2)
  })

  it('is a page with a verdict, whose policy names the hash of its style', async () => {
    const { report, results, turns } = await saved()
    const page = await textOfBlob(await pageFile(report, results, turns))
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(page) ?? []
    expect(page).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`)
    expect(page).toMatch(/No difference shown on 3 texts/)
    expect(page).toContain('Comparison on some.csv')
  })

  it('sets its set-ups up elsewhere, unasked, and compares what they come to there', async () => {
    const { json, report } = await saved()
    const { comparison, opened, results, store } = await visit()
    await opened.take(file(json))
    expect(opened.trouble).toBeUndefined()
    expect(comparison.names).toEqual(['nano fine-tuned', 'nano 5-shot, balanced, seed 7'])
    expect(comparison.queue.isRunning).toBe(false)
    expect(comparison.setups.map(({ answers }) => answers)).toEqual([undefined, undefined])
    await comparison.runAll()
    const pools = comparison.setups.flatMap(({ answers }) =>
      answers?.setup.mode.kind === 'k-shot' ? [answers.setup.mode.pool] : [],
    )
    await opened.look(comparison.lines ?? [], pools)
    expect(opened.here).toMatchObject({ texts: { sha256: report.texts.sha256 }, gold: report.gold })
    for (const [place, side] of (opened.record?.report.sides ?? []).entries()) {
      const setup = opened.setupOf(place)
      const here = setup && results.sideOf(setup)
      expect(here && results.figuresOf(here)).toMatchObject(side.figures ?? {})
      const { answers } = setup ?? {}
      if (!side.setup || !answers) throw new Error('There are no answers.')
      const sha256 = pools[0] && opened.poolSha256(pools[0])
      expect(samenessOf(side.setup, answers, sha256)).toEqual({ differing: [], unknown: [] })
    }
    const { opened: again, comparison: comparisonAgain } = await visit({ store })
    expect(again.record).toEqual(opened.record)
    expect(again.setupOf(1)).toBe(comparisonAgain.setups[1])
    await again.remove()
    expect(again.record).toBeUndefined()
    expect([...store.records.keys()].filter((key) => key.endsWith('compare/report'))).toEqual([])
    expect(comparisonAgain.setups).toHaveLength(2)
  })

  it('adds no set-up twice, and tells other texts', async () => {
    const { json, comparison, opened } = await saved()
    await opened.take(file(json))
    await opened.take(file(json))
    expect(comparison.setups).toHaveLength(2)
    expect(opened.setupOf(0)).toBe(comparison.setups[0])
    const [first] = comparison.setups
    if (first) await comparison.remove(first)
    expect(opened.setupOf(0)).toBeUndefined()

    const elsewhere = await visit({ lines: LINES.slice(1) })
    await elsewhere.opened.take(file(json))
    await elsewhere.opened.look(elsewhere.comparison.lines ?? [], [])
    const { here, record } = elsewhere.opened
    expect(here?.texts.count).toBe(3)
    expect(here?.texts.sha256).not.toBe(record?.report.texts.sha256)
    expect(here?.gold.sha256).not.toBe(record?.report.gold.sha256)
  })

  it('says which of weights, labels, demonstrations and number formats are others, and what is not known', async () => {
    const { comparison, opened, json } = await saved()
    await opened.take(file(json))
    const setup = opened.record?.report.sides[1]?.setup
    const answers = comparison.setups[1]?.answers
    const [part] = setup?.parts ?? []
    if (!setup || !answers || !part) throw new Error('There is no set-up.')
    expect(
      samenessOf(
        {
          ...setup,
          task: { ...setup.task, labels: setup.task.labels.toReversed() },
          parts: [part, { ...part, backend: 'webgpu', numberFormat: 'fp32', weightsSha256: 'e'.repeat(64) }],
        },
        answers,
        '0'.repeat(64),
      ).differing,
    ).toEqual(['labels', 'weights', 'demonstrations', 'number format', 'backend'])
    const unknown = { ...setup, parts: [{ ...part, weightsSha256: '' }] }
    expect(samenessOf(unknown, answers, undefined)).toEqual({
      differing: [],
      unknown: ['weights', 'demonstrations'],
    })
  })

  it('is refused in one sentence where it is broken, foreign, of another version or too much, and nothing is lost', async () => {
    const { json, comparison, opened, report } = await saved()
    await opened.take(file(json))
    const before = opened.record
    const changed = (change: object) => JSON.stringify({ ...(JSON.parse(json) as object), ...change })
    const [side] = report.sides
    const withSide = (change: object) => changed({ sides: [{ ...side, ...change }] })
    const setup = side?.setup ?? undefined
    const refusals: readonly (readonly [string, RegExp])[] = [
      [json.slice(0, -20), /^theirs\.json: it is not JSON, or its end is missing/],
      ['[]', /it is no comparison of Smallcap/],
      ['null', /it is no comparison of Smallcap/],
      [changed({ format: 'smallcap-project' }), /it is no comparison of Smallcap/],
      [changed({ version: 1 }), /it was saved by an older version/],
      [changed({ version: 3 }), /it was saved by a newer version of this page; reload/],
      [changed({ sides: 'x' }), /“sides” is not as this page writes it/],
      [withSide({ figures: { n: 3, accuracy: 7, macroF1: 0 } }), /“sides\.0\.figures\.accuracy” is not as/],
      [
        withSide({ name: 'x'.repeat(1001) }),
        /“sides\.0\.name” is not as this page writes it \([^]{1,130}\);/,
      ],
      [
        withSide({ setup: { ...setup, choice: { ...setup?.choice, k: 1e9 } } }),
        /“sides\.0\.setup\.choice\.k” is/,
      ],
      [
        withSide({ setup: { ...setup, choice: { ...setup?.choice, seed: -1 } } }),
        /“sides\.0\.setup\.choice\.seed”/,
      ],
      [withSide({ setup: null }), /it holds no set-up/],
      [changed({ sides: Array.from({ length: 101 }, () => side) }), /“sides” is not as/],
      [' '.repeat(5_000_001), /it has 5 MB, far more than a saved comparison/],
      [
        changed({
          sides: Array.from({ length: SETUPS_AT_MOST }, (_, seed) => ({
            ...side,
            setup: { ...setup, choice: { ...setup?.choice, mode: 'k-shot', seed: 100 + seed } },
          })),
        }),
        /it has 16 set-ups that are not here yet, and at most 16 are compared; remove 2 of those that are here first\.$/,
      ],
    ]
    for (const [content, sentence] of refusals) {
      await opened.take(file(content))
      expect(opened.trouble).toMatch(sentence)
    }
    expect(opened.record).toBe(before)
    expect(comparison.setups).toHaveLength(2)
    expect(comparison.setups.every(({ answers }) => answers?.count === 4)).toBe(true)
    await opened.take(file(json))
    expect(opened.trouble).toBeUndefined()
  })

  it('takes from a hostile file nothing that it does not know', async () => {
    const { json, report } = await saved()
    const { comparison, opened, store } = await visit()
    const [side] = report.sides
    const choice = { ...side?.setup?.choice, model: '<img src=x>', id: '../../x', ran: { runId: 'x' } }
    const hostile = JSON.stringify({
      ...(JSON.parse(json) as object),
      extra: 'x'.repeat(1000),
      sides: [{ ...side, name: '<b>', setup: { ...side?.setup, choice } }],
    }).replace('{', '{"__proto__":{"polluted":1},')
    await opened.take(file(hostile))
    expect(comparison.setups[0]?.record).toMatchObject({ model: '<img src=x>', ran: null })
    expect(comparison.setups[0]?.id).not.toContain('..')
    expect(JSON.stringify([...store.records.values()])).not.toContain('xxxx')
    expect('polluted' in {}).toBe(false)
  })
})
