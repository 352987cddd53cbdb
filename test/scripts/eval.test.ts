import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { textOf } from '../../src/domain/asked'
import { evaluate } from '../../scripts/eval/evaluate'
import { readOptions } from '../../scripts/eval/options'
import { formatReport } from '../../scripts/eval/report'
import { failure, success } from '../../src/domain/outcome'
import type { ClassifyRequest, Engine, ScoredText } from '../../src/engine/contract'
import { FINANCE_TASK } from '../domain/finance-task'

const folder = mkdtempSync(join(tmpdir(), 'smallcap-eval-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, content: string, encoding: 'utf8' | 'latin1' = 'utf8'): string {
  const path = join(folder, name)
  writeFileSync(path, content, encoding)
  return path
}

const options = (data: string, ...more: string[]) =>
  readOptions(['--data', data, '--model', 'tiny', '--mode', 'zero-shot', ...more])

/** Calls texts with "up" positive and all others neutral, and marks texts with "long" as cut. */
function keywordEngine(requests: ClassifyRequest[] = []): Engine {
  const run = { model: 'tiny', weights: 'base', numberFormat: 'int8', backend: 'wasm', threads: 1 } as const
  const unused = () => Promise.reject(new Error('not used here'))
  return {
    survey: unused,
    findGpu: unused,
    heapBytes: unused,
    untilLost: unused,
    free: unused,
    handOver: () => Promise.resolve(),
    inspect: unused,
    explain: unused,
    learn: unused,
    addAdapter: unused,
    removeAdapter: unused,
    exportModel: unused,
    cancel: unused,
    load: () =>
      Promise.resolve(
        success({
          ...run,
          parameters: 1,
          weightsBytes: 1,
          loadMs: 1,
          task: FINANCE_TASK,
          adapters: ['finance'],
          modes: ['zero-shot', 'k-shot', 'fine-tuned'],
          areLabelsFixed: false,
          numberFormats: ['fp32', 'int8-weights', 'int8'] as const,
          backends: ['wasm', 'webgpu'],
          weightsSha256: { base: 'b0b0' },
          batching: 'one by one',
        }),
      ),
    async classify(_job, request, onResults) {
      requests.push(request)
      if (request.mode.kind === 'fine-tuned' && request.mode.adapter !== 'finance') {
        return failure({ code: 'invalid-request', message: 'There is no such adapter.' })
      }
      for (const [index, asked] of request.texts.entries()) {
        const text = textOf(asked)
        const probabilities = text.includes('up') ? [0.1, 0.2, 0.7] : [0.1, 0.8, 0.1]
        const result: ScoredText = {
          index,
          probabilities,
          scores: probabilities.map(Math.log),
          inputTokens: 3,
          isCut: text.includes('long'),
          isUnreadable: false,
          demonstrationsUsed: 0,
          milliseconds: 1,
        }
        await onResults([result])
      }
      return success({ ...run, batching: 'one by one', texts: request.texts.length, elapsedMs: 500 })
    },
  }
}

describe('evaluate', () => {
  const file = fileOf('five.csv', 'text,label\nup,1\nup again,1\nup but wrong,0\nlong,2\ndown,0\n')

  it('compares predictions with the gold labels', async () => {
    const seen: number[] = []
    const evaluation = await evaluate(keywordEngine(), options(file), (done) => seen.push(done))
    expect(evaluation.metrics.confusion).toEqual([
      [0, 1, 1],
      [0, 1, 0],
      [0, 0, 2],
    ])
    expect(evaluation.metrics.accuracy).toBeCloseTo(0.6, 12)
    expect(evaluation).toMatchObject({ cut: 1, unreadable: 0, textsPerSecond: 10, mode: 'zero-shot' })
    expect(evaluation.data).toEqual({ file, kind: 'tfsn', rows: 5 })
    expect(seen).toEqual([1, 2, 3, 4, 5])
    const report = formatReport(evaluation)
    expect(report).toContain('accuracy   0.6000  95 % interval 0.2307 to 0.8824')
    expect(report).toContain('majority   0.4000  always "negative"')
    expect(report).toMatch(/^negative +0 +1 +1 +0\.0000 +0\.0000 +0\.0000$/m)
  })

  it('hands on mode, demonstrations and the same few rows each time', async () => {
    const requests: ClassifyRequest[] = []
    const few = options(file, '--limit', '2', '--mode', 'k-shot', '--k', '1', '--seed', '21')
    await evaluate(keywordEngine(requests), few, () => undefined)
    await evaluate(keywordEngine(requests), { ...few, seed: 42 }, () => undefined)
    expect(requests[0]?.mode).toMatchObject({ kind: 'k-shot', k: 1, policy: 'balanced', seed: 21 })
    expect(requests[0]?.texts).toHaveLength(2)
    expect(requests[1]?.texts).toEqual(requests[0]?.texts)
  })

  it('takes the first adapter of a fine-tuned model, and says when there is none of a name', async () => {
    const requests: ClassifyRequest[] = []
    await evaluate(keywordEngine(requests), options(file, '--mode', 'fine-tuned'), () => undefined)
    expect(requests[0]?.mode).toEqual({ kind: 'fine-tuned', adapter: 'finance' })
    const other = options(file, '--mode', 'fine-tuned', '--adapter', 'other')
    await expect(evaluate(keywordEngine(), other, () => undefined)).rejects.toThrow(
      'There is no such adapter.',
    )
  })

  it('reads latin-1 where a file is not UTF-8', async () => {
    const requests: ClassifyRequest[] = []
    const latin = fileOf('latin.txt', 'Sörnäinen up .@positive\n', 'latin1')
    const evaluation = await evaluate(keywordEngine(requests), options(latin), () => undefined)
    expect(evaluation.data.kind).toBe('fpb')
    expect(requests[0]?.texts).toEqual(['Sörnäinen up .'])
  })
})

describe('readOptions', () => {
  it.each([
    [['--model', 'm', '--mode', 'zero-shot'], /^--data is missing/],
    [['--data', 'd', '--model', 'm', '--mode', 'few-shot'], /^--mode is "few-shot", but it can be zero-shot/],
    [
      ['--data', 'd', '--model', 'm', '--mode', 'k-shot', '--k', '0'],
      /^--k is "0", but it has to be a whole number/,
    ],
    [['--data', 'd', '--model', 'm', '--mode', 'k-shot', '--k', '2.5'], /^--k is "2.5"/],
    [['--data', 'd', '--model', 'm', '--mode', 'zero-shot', '--labels', '0'], /^--labels holds "0"/],
    [['--colour'], /colour/],
  ])('refuses %j', (argv, expected) => {
    expect(() => readOptions(argv)).toThrow(expected)
  })
})

describe('the command', () => {
  const run = (...more: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'scripts/eval.ts', ...more], { encoding: 'utf8' })

  it('measures the embedded nano model and writes the figures to a file', () => {
    const data = fileOf(
      'clear.csv',
      'text,label\nshares plunge after profit warning,0\nprofit soars to a record,1\n',
    )
    const json = join(folder, 'out.json')
    const more = ['--data', data, '--model', 'smallcap-t5-nano', '--mode', 'fine-tuned', '--json', json]
    const { status, stdout, stderr } = run(...more)
    expect(stderr).toContain('2 of 2')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^model +smallcap-t5-nano, finance weights, int8, wasm/m)
    expect(stdout).toMatch(/^accuracy +1\.0000/m)
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ metrics: { n: 2, accuracy: 1 }, cut: 0 })
  }, 60_000)

  it('ends with 2 and a sentence that names file, line and column', () => {
    const data = fileOf('wrong.csv', 'text,label\nup,bullish\ndown,awful\n')
    const { status, stdout, stderr } = run(
      '--data',
      data,
      '--model',
      'smallcap-t5-nano',
      '--mode',
      'zero-shot',
    )
    expect(stderr).toContain(`${data}, line 3, column 2: the label "awful"`)
    expect(stdout).toBe('')
    expect(status).toBe(2)
  }, 60_000)
})
