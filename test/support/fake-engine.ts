/** An engine with made-up numbers and honest manners, for component tests and for looking at states that are hard to reach. */
import { joined, pairOf, textOf } from '../../src/domain/asked'
import { margin } from '../../src/domain/margin'
import { splitWords, type Word } from '../../src/domain/words'
import { failure, success } from '../../src/domain/outcome'
import type { Task } from '../../src/domain/task'
import type {
  GpuAdapter,
  EngineError,
  ModelSummary,
  PromptToken,
  ScoredText,
} from '../../src/engine/contract'
import type { ClosableEngineClient } from '../../src/engine/client'

export const FINANCE_TASK: Task = {
  template: '{text} sentiment:',
  optionsSeparator: ', ',
  labels: [
    { id: 'negative', words: 'negative', aliases: ['bearish'] },
    { id: 'neutral', words: 'neutral', aliases: [] },
    { id: 'positive', words: 'positive', aliases: ['bullish'] },
  ],
  kShot: { demonstration: '{text} sentiment: {label}.', separator: ' ', query: '{text} sentiment:' },
  maxInputTokens: 128,
}

const FINANCE_LOSS = { equalLabels: 0.996, meanDifference: 0.002, p99Difference: 0.014 }

export interface FakeEngineOptions {
  /** Milliseconds a text takes, and a tenth of a model's load. */
  readonly delayMs?: number
  /** The worker dies after this many texts of a run, once. */
  readonly diesAfter?: number
  readonly failsLoad?: EngineError
  /** The one model that cannot be loaded. */
  readonly failsLoadOf?: string
  readonly gpu?: GpuAdapter
  /** Names of adapters that fit no model. */
  readonly misfits?: readonly string[]
}

export const FAKE_HEAP_BYTES = 33_554_432

const BATCHING = 'near-equal lengths, at most 8 texts'
const CANCELLED: EngineError = { code: 'cancelled', message: 'Stopped.' }
const LOST: EngineError = { code: 'worker-lost', message: 'The engine ran out of memory.' }

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

function hash(text: string): number {
  let state = 2166136261
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0
  return state / 2 ** 32
}

/** Scores that depend on the text and the number of labels alone, so that a test can tell them. */
export function fakeScore(text: string, index: number, labels = 3): ScoredText {
  const three = [hash(`n${text}`) * 4, hash(`u${text}`) * 3, hash(`p${text}`) * 4]
  const logits = Array.from({ length: labels }, (_, place) => three[place] ?? hash(`${place}${text}`) * 4)
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0)
  const inputTokens = text.split(/\s+/).length * 2
  return {
    index,
    probabilities: logits.map((logit) => Math.exp(logit) / total),
    scores: logits.map((logit) => logit - 12),
    inputTokens,
    isCut: inputTokens > 128,
    isUnreadable: /^[^a-z]*$/i.test(text),
    demonstrationsUsed: 0,
    milliseconds: 8 + hash(text) * 30,
  }
}

const tokensOf = (text: string): PromptToken[] =>
  text.split(/\s+/).flatMap((word, place) => {
    const piece = { id: 100 + place, piece: `▁${word.slice(0, 5)}`, isUnknown: /[^\p{ASCII}€]/u.test(word) }
    return word.length > 5 ? [piece, { id: 900 + place, piece: word.slice(5), isUnknown: false }] : [piece]
  })

export function createFakeEngine({
  delayMs = 0,
  diesAfter,
  failsLoad,
  failsLoadOf,
  gpu,
  misfits = [],
}: FakeEngineOptions = {}): Omit<ClosableEngineClient, 'close'> {
  const listeners = new Set<(reason: string) => void>()
  let willDie = diesAfter !== undefined
  /** Those that were put on a model, by its name. */
  const put = new Map<string, readonly string[]>()
  const misfit = (name: string) => `The adapter “${name}” cannot be put on this model.`
  const hashOf = (name: string) => name.charCodeAt(0).toString(16).padStart(64, '0')
  const summaryOf = (model: string): ModelSummary => ({
    model,
    parameters: 2_000_768,
    numberFormat: 'int8',
    numberFormats: ['fp32', 'int8-weights', 'int8'],
    backend: 'wasm',
    threads: 2,
    weightsBytes: 2_078_344,
    loadMs: delayMs * 10,
    task: FINANCE_TASK,
    loss: { texts: 500, data: 'train.csv', byWeights: { finance: FINANCE_LOSS } },
    adapters: ['finance', ...(put.get(model) ?? [])],
    exportBytes: { safetensors: 8_003_072, onnx: 12_197_376, adapters: { finance: 640_000 } },
    modes: ['zero-shot', 'k-shot', 'fine-tuned'],
    areLabelsFixed: false,
    backends: ['wasm', 'webgpu'],
    weightsSha256: {
      base: 'b'.repeat(64),
      finance: 'f'.repeat(64),
      ...Object.fromEntries((put.get(model) ?? []).map((name) => [name, hashOf(name)])),
    },
    batching: BATCHING,
  })
  return {
    async survey() {
      return success({ threads: 2, isCrossOriginIsolated: true })
    },
    async findGpu() {
      return success(gpu)
    },
    async heapBytes() {
      return success(FAKE_HEAP_BYTES)
    },
    async load({ model, backend = 'wasm', numberFormat, adapters }, { onProgress } = {}) {
      if (failsLoad) return failure(failsLoad)
      if (model === failsLoadOf)
        return failure({ code: 'model-unavailable', message: `${model} is not there.` })
      for (let step = 1; step <= 5; step += 1) {
        onProgress?.({ phase: 'downloading', receivedBytes: step * 400_000, totalBytes: 2_000_000 })
        await pause(delayMs)
      }
      for (const phase of ['verifying', 'compiling', 'warming up'] as const) {
        onProgress?.({ phase })
        await pause(delayMs)
      }
      const names = adapters?.map(({ adapter }) => adapter)
      const refused = names?.filter((name) => misfits.includes(name)) ?? []
      if (names) {
        const fitting = names.filter((name) => !misfits.includes(name))
        put.set(model, fitting)
      }
      return success({
        ...summaryOf(model),
        backend,
        numberFormat: numberFormat ?? 'int8',
        ...(refused.length > 0 && {
          refusedAdapters: Object.fromEntries(refused.map((name) => [name, misfit(name)])),
        }),
      })
    },
    async classify({ texts, model, mode, task }, { signal, onResults } = {}) {
      const startedAt = performance.now()
      for (const [index, text] of texts.entries()) {
        await pause(delayMs)
        if (signal?.aborted) return failure(CANCELLED)
        if (willDie && index === diesAfter) {
          willDie = false
          for (const listener of listeners) listener(LOST.message)
          return failure(LOST)
        }
        onResults?.([fakeScore(joined(text), index, task.labels.length)])
      }
      const elapsedMs = performance.now() - startedAt
      const weights = mode.kind === 'fine-tuned' ? mode.adapter : 'base'
      return success({
        model,
        weights,
        numberFormat: 'int8',
        backend: 'wasm',
        threads: 2,
        batching: BATCHING,
        texts: texts.length,
        elapsedMs,
      })
    },
    async inspect({ text }) {
      await pause(delayMs)
      const prompt = `${joined(text)} sentiment:`
      return success({
        prompt,
        tokens: [...tokensOf(prompt), { id: 1, piece: '</s>', isUnknown: false }],
        isCut: false,
        isTextCut: false,
        demonstrationsUsed: 0,
        demonstrationsAsked: 0,
        decoderPrefix: [{ id: 0, piece: '<pad>', isUnknown: false }],
        labelTokens: FINANCE_TASK.labels.map((label, id) => [
          { id, piece: `▁${label.words}`, isUnknown: false },
        ]),
      })
    },
    async addAdapter({ model, adapter }) {
      if (misfits.includes(adapter)) return failure({ code: 'invalid-model', message: misfit(adapter) })
      put.set(model, [...(put.get(model) ?? []), adapter])
      return success(summaryOf(model))
    },
    async removeAdapter({ model, adapter }) {
      const left = put.get(model)?.filter((name) => name !== adapter)
      put.set(model, left ?? [])
      return success(summaryOf(model))
    },
    async exportModel({ layout }, { onPiece }) {
      onPiece({ path: `${layout}.bin`, bytes: Uint8Array.of(1, 2, 3) })
      return success(undefined)
    },
    async explain({ text }, { signal } = {}) {
      const words = splitWords(textOf(text))
      const pairWords = splitWords(pairOf(text))
      for (let left = words.length + pairWords.length; left > 0; left -= 1) {
        await pause(delayMs)
        if (signal?.aborted) return failure(CANCELLED)
      }
      const { probabilities } = fakeScore(joined(text), 0)
      const probability = Math.max(...probabilities)
      const withDrop = (word: Word) => ({
        ...word,
        drop: (hash(word.word) ** 3 - 0.08) * margin(probabilities),
      })
      return success({
        label: probabilities.indexOf(probability),
        probability,
        words: words.map(withDrop),
        pairWords: pairWords.map(withDrop),
      })
    },
    async learn({ texts, made, heldOut, classes }) {
      await pause(delayMs)
      const done = new Set([...made, ...heldOut].map(({ text }) => text))
      const probabilities = texts.map((text) => {
        const first = hash(text)
        return Array.from({ length: classes }, (_, label) =>
          label === 0 ? first : (1 - first) / (classes - 1),
        )
      })
      const order = texts.flatMap((_, place) => (done.has(place) ? [] : [place])).reverse()
      const curve = [{ labels: made.length, accuracy: 0.7, random: [0.5, 0.7] }]
      return success({
        probabilities,
        order,
        byDifference: order,
        curve: heldOut.length > 0 ? curve : [],
        trainMs: 1,
      })
    },
    async free() {
      await pause(delayMs)
    },
    onLost(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async restart() {
      await pause(delayMs)
    },
  }
}
