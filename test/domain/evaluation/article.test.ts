import { describe, expect, it } from 'vitest'
import {
  articleGroups,
  articleModels,
  cellsOf,
  hasCell,
  withCell,
  type ArticleCell,
  type ArticleTexts,
} from '../../../src/domain/evaluation/article'
import { articleCsv, articleMarkdown } from '../../../src/domain/evaluation/article-files'

const cell = (changes: Partial<ArticleCell> = {}): ArticleCell => ({
  model: 'smallcap-t5-mini',
  name: 'mini',
  column: 'zero-shot',
  variant: '',
  runId: '1',
  n: 2388,
  accuracy: 0.575,
  accuracyInterval: { low: 0.555, high: 0.595 },
  macroF1: 0.542,
  macroF1Interval: { low: 0.52, high: 0.56 },
  weightsSha256: 'abc',
  numberFormat: 'int8',
  backend: 'wasm',
  at: Date.UTC(2026, 9, 1),
  ...changes,
})
const TFSN: ArticleTexts = { key: 'a', name: 'TFSN', dataset: 'tfsn', split: 'valid', texts: 2388 }
const OWN: ArticleTexts = { key: 'b', name: 'own|.csv', dataset: undefined, split: undefined, texts: 40 }
const day = (at: number) => new Date(at).toISOString().slice(0, 10)
const training = (model: string) => (model === 'smallcap-t5-mini' ? 'an hour on two cores' : undefined)

describe('figures for the article’s table', () => {
  it('take the place of those of the same model asked the same way, and stand beside others', () => {
    let sets = withCell([], TFSN, cell())
    sets = withCell(sets, TFSN, cell({ runId: '2', accuracy: 0.6, at: 5 }))
    sets = withCell(sets, TFSN, cell({ column: '5-shot', variant: 'balanced, seed 1' }))
    sets = withCell(sets, TFSN, cell({ column: '5-shot', variant: 'balanced, seed 2', at: 7e12 }))
    const [set] = sets
    if (!set) throw new Error('There is no set.')
    expect(cellsOf(set, 'smallcap-t5-mini', 'zero-shot').map(({ accuracy }) => accuracy)).toEqual([0.6])
    expect(cellsOf(set, 'smallcap-t5-mini', '5-shot').map(({ variant }) => variant)).toEqual([
      'balanced, seed 2',
      'balanced, seed 1',
    ])
    expect(hasCell(sets, TFSN, cell({ runId: '2', accuracy: 0.6 }))).toBe(true)
    expect(hasCell(sets, TFSN, cell({ runId: '3', accuracy: 0.6 }))).toBe(false)
    expect(hasCell(sets, OWN, cell())).toBe(false)
  })

  it('are left behind by texts of another number', () => {
    const sets = withCell(withCell([], OWN, cell()), { ...OWN, texts: 41 }, cell({ column: '1-shot' }))
    expect(sets).toHaveLength(1)
    expect(sets[0]?.cells.map(({ column }) => column)).toEqual(['1-shot'])
  })

  it('stand in groups, the article’s data sets first, with how to fill what is empty', () => {
    const groups = articleGroups(withCell([], OWN, cell()), TFSN)
    expect(groups.map(({ name }) => name)).toEqual(['TFSN', 'Financial PhraseBank', 'own|.csv'])
    expect(groups[0]?.hint).toMatch(/run the table/)
    expect(groups[1]?.hint).toMatch(/open Sentences_50Agree\.txt .* in Classify/)
    expect(groups[2]?.hint).toBeUndefined()
    expect(articleGroups(withCell([], TFSN, cell()), TFSN)).toHaveLength(2)
  })

  it('name models that are gone', () => {
    expect(articleModels(withCell([], OWN, cell()), [{ id: 'x', name: 'X' }])).toEqual([
      { id: 'smallcap-t5-mini', name: 'mini' },
      { id: 'x', name: 'X' },
    ])
  })

  it('leave as CSV, published ones marked', () => {
    const lines = articleCsv(withCell([], TFSN, cell()), { training, day }, 'exact').split('\r\n')
    expect(lines[1]).toBe(
      'TFSN,valid,2388,mini,here,zero-shot,,2388,0.575,0.555,0.595,0.542,0.52,0.56,int8,wasm,abc,2026-10-01,an hour on two cores,',
    )
    expect(lines).toContain('TFSN,valid,2388,GPT-4,published,,,2388,0.813,,,0.758,,,,,,,,"FinGPT v3, README"')
    expect(
      new Set(
        lines
          .filter((line) => line !== '')
          .map((line) => line.match(/(?:"[^"]*"|[^,]*)(?:,|$)/g)?.filter((_, place) => place < 20).length),
      ),
    ).toEqual(new Set([20]))
  })

  it('leave as Markdown, a table for each data set', () => {
    const sets = withCell(withCell([], TFSN, cell()), OWN, cell({ column: '5-shot', variant: 'seed 1' }))
    const text = articleMarkdown(sets, training)
    expect(text).toContain('### TFSN, valid, 2388 texts')
    expect(text).toContain('| mini | .575 / .542 |  |  |  |  | an hour on two cores |')
    expect(text).toContain('| _GPT-4_ | _.813 / .758_ |')
    expect(text).toContain('Source: FinGPT v3, README; split: valid; n = 2388.')
    expect(text).toContain('### own\\|.csv, 40 texts')
    expect(text).toContain('| mini |  |  | .575 / .542 (seed 1) |  |  |')
  })
})
