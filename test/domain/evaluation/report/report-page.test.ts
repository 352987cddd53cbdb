import { describe, expect, it } from 'vitest'
import { reportPage } from '../../../../src/domain/evaluation/report/report-page'
import type { ReportCurve } from '../../../../src/domain/evaluation/report/report-shots'
import { REPORT_STYLE } from '../../../../src/domain/evaluation/report/report-style'
import { aReport, SETUP } from './a-report'

const pageOf = ({ report, pairs }: ReturnType<typeof aReport>, curves: readonly ReportCurve[] = []) =>
  reportPage(report, pairs, curves, 'HASH=').join('')
/** As one reads it, without tags and the space between. */
const wordsOf = (page: string) =>
  page
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

const HOSTILE = `</style></table><script src=//x>1</script><img onerror='a' title="b"> & ${'very long '.repeat(40)}`

describe('a report’s page', () => {
  it('tells figures with their intervals, the baseline, labels, verdicts and settings', () => {
    const page = pageOf(aReport())
    const words = wordsOf(page)
    for (const told of [
      'Comparison on some.csv',
      '4, 4 of them with a gold label',
      '2026-01-02 03:04:05 UTC',
      '1 nano 5-shot 100 % 51.0 to 100 % 1.00',
      '2 gpt.csv 66.7 % 20.8 to 93.9 %',
      'always “neutral”: the most frequent gold label for every text 50.0 %',
      'No difference shown on 3 texts',
      'Label Precision Recall F1 Texts negative 1.00 1.00 1.00 1',
      'Rows: gold labels. Columns: answers.',
      'nano (smallcap-t5-nano)',
      '5-shot, demonstrations balanced, seed 13',
      `SHA-256 ${'d'.repeat(64)}`,
      'int8, wasm, 2 threads',
      `Weights’ SHA-256 ${'b'.repeat(64)}`,
      'how they were made is not known',
      'The texts are not in this file',
      '1 of the texts are among the demonstrations',
      '2 of the texts repeat another one',
      'Smallcap 0.1.0 ONNX Runtime 1.2.3 Browser A browser/1 Processors 2',
      `Texts’ SHA-256 ${'a'.repeat(64)}`,
    ])
      expect(words).toContain(told)
    expect(page.match(/<svg\s/g)).toHaveLength(2)
  })

  it('tells memory where it was measured, and shots with a curve and a verdict', () => {
    const { report, pairs } = aReport()
    expect(wordsOf(pageOf({ report, pairs }))).not.toContain('Memory')
    const setup = { ...SETUP, heapBytes: 50_331_648 }
    const sides = report.sides.map((side) => (side.setup ? { ...side, setup } : side))
    const point = (k: number, accuracy: number) => ({
      ...{ k, accuracy, seed: k === 0 ? undefined : 7 },
      interval: { low: accuracy - 0.1, high: accuracy + 0.1 },
    })
    const curve: ReportCurve = {
      name: HOSTILE,
      number: 1,
      points: [point(0, 0.5), point(1, 0.6), point(1, 0.7)],
      verdict: { answer: 'more', sentences: ['1 shot gets more right than none.'] },
    }
    const page = pageOf({ report: { ...report, sides }, pairs }, [curve])
    const words = wordsOf(page)
    expect(words).toMatch(/ms per text Memory .*10 50\.3 MB .*not known not measured/)
    expect(words).toContain('Memory is the heap of ONNX Runtime')
    expect(words).toContain('More shots help. 1 shot gets more right than none.')
    expect(words).toContain('1 7 70.0 % 60.0 to 80.0 %')
    expect(page.match(/<svg\s/g)).toHaveLength(4)
    // From zero-shot through the mean of the seeds.
    const [, from, to] = /class="curve" points="[\d.]+,([\d.]+) [\d.]+,([\d.]+)"/.exec(page) ?? []
    const [low, high] = [0.5, 0.65].map((accuracy) => 276 - ((accuracy - 0.4) / 0.6) * 240)
    expect([Number(from), Number(to)]).toEqual([low, high])
    expect(page).not.toContain('<script')
  })

  it('numbers points that lie on each other in one place', () => {
    const { report, pairs } = aReport()
    const [first] = report.sides
    if (!first) throw new Error('There is no side.')
    const at = (number: number, elapsedMs: number) => ({ ...first, number, setup: { ...SETUP, elapsedMs } })
    const page = pageOf({ report: { ...report, sides: [at(1, 40), at(2, 40), at(3, 4000)] }, pairs })
    const charts = page.match(/<svg[^]*?<\/svg>/g) ?? []
    const names = charts.map((chart) =>
      [...chart.matchAll(/class="name"[^>]*>([^<]*)</g)].map(([, name]) => name),
    )
    expect(names).toEqual([['1, 2, 3'], ['1, 2', '3']])
  })

  it('sets apart what others published, with source, n and split', () => {
    const [, published = ''] = /<section class="published">([^]*?)<\/section>/.exec(pageOf(aReport())) ?? []
    expect(wordsOf(published)).toContain('GPT-4 81.3 % 0.76')
    expect(wordsOf(published)).toMatch(/Source: FinGPT v3, README; split: valid, 2,388 texts/)
    expect(REPORT_STYLE).toMatch(/\.published \{[^}]*dashed[^}]*italic/)
  })

  it('holds no script, link or address, and its policy applies its own style alone', () => {
    const page = pageOf(
      aReport({ labels: [HOSTILE, 'b', HOSTILE + '2'], names: [HOSTILE, HOSTILE], dataName: HOSTILE }),
    )
    expect(page).not.toContain('<script')
    expect(page).not.toContain('<img')
    const tags = new Set([...page.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag))
    const named =
      'html head meta title style body main section h1 h2 h3 h4 p b small div table caption thead tbody tr th td dl dt dd figure figcaption svg line text polyline circle'
    for (const tag of tags) expect(named.split(' ')).toContain(tag)
    const attributes = [...page.replace(/="[^"]*"/g, '=').matchAll(/<[a-z0-9]+([^>]*)>/g)]
      .map(([, own]) => own)
      .join(' ')
    expect(attributes).not.toMatch(/\b(?:on\w+|href|src|style)=/)
    expect(page.match(/<\/style>/g)).toHaveLength(1)
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-HASH='; base-uri 'none'; form-action 'none'"`,
    )
    expect(page.match(/&lt;script src=\/\/x&gt;/g)?.length).toBeGreaterThan(10)
  })

  it('says without gold labels only what was asked', () => {
    const page = pageOf(aReport({ hasGold: false }))
    const words = wordsOf(page)
    expect(words).toContain('4, 0 of them with a gold label')
    expect(words).toContain('No text has a gold label, so nobody can say who is right.')
    for (const untold of ['NaN', 'undefined', 'null', 'Is one better?', 'Confusion matrix', 'always'])
      expect(words).not.toContain(untold)
    expect(page).not.toContain('<svg')
    expect(words).toContain('5-shot, demonstrations balanced, seed 13')
  })

  it('tells each way in which a set-up was computed, and only what its mode uses', () => {
    const { report, pairs } = aReport()
    const [part] = SETUP.parts
    if (!part) throw new Error('There is no part.')
    const parts = [
      part,
      { ...part, rows: 1, backend: 'webgpu', device: 'nvidia <ampere>', fallback: 'It was lost.' },
    ]
    const setup = { ...SETUP, parts, mode: { kind: 'zero-shot' as const } }
    const words = wordsOf(
      pageOf({ report: { ...report, sides: report.sides.map((side) => ({ ...side, setup })) }, pairs }),
    )
    expect(words).toContain('1 texts: int8, webgpu on nvidia &lt;ampere&gt;')
    expect(words).toContain('Fallback It was lost.')
    expect(words).not.toContain('demonstrations balanced')
  })
})
