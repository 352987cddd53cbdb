import { topIndex } from '../../../src/domain/margin'
import type { Task } from '../../../src/domain/task'
import { renderQuery } from '../../../src/domain/template'
import type { NumberFormat } from '../../../src/engine/contract'
import type { Answer } from '../contract'

/** transformers.js on the same weights, exported by the reference exporter. */
export interface Peer {
  /** The text2text-generation pipeline in batches of texts in the order given. */
  generated(texts: readonly string[], batch: number): Promise<Answer[]>
  /** Its tokenizer, encoder and one decoder pass; label logits are read off. */
  scored(texts: readonly string[], batch: number): Promise<Answer[]>
}

/** A label's token and the end token. */
const newTokens = 2

/** Loads the pipeline from our own server; ONNX Runtime was set up before, which the library takes over. */
export async function loadPeer(
  folder: URL,
  model: string,
  numberFormat: NumberFormat,
  task: Task,
): Promise<Peer> {
  const { env, pipeline, Tensor } = await import('@huggingface/transformers')
  env.allowLocalModels = true
  env.allowRemoteModels = false
  // A whole address would count as remote.
  env.localModelPath = folder.pathname
  env.useBrowserCache = false
  env.useWasmCache = false
  const pipe = await pipeline('text2text-generation', model, {
    device: 'wasm',
    dtype: numberFormat === 'int8' ? 'q8' : 'fp32',
  })
  const labelWords = task.labels.map(({ words }) => words)
  const labelTokens = labelWords.map((words) => {
    const [first, ...rest] = pipe.tokenizer.encode(words, { add_special_tokens: false })
    if (first === undefined || rest.length > 0) throw new Error(`"${words}" is not one token`)
    return first
  })

  async function generated(texts: readonly string[], batch: number): Promise<Answer[]> {
    const answers: Answer[] = []
    for (const prompts of batches(task, texts, batch))
      for (const { generated_text } of await pipe(prompts, { max_new_tokens: newTokens }))
        answers.push({ label: labelWords.indexOf(generated_text.trim()), scores: [] })
    return answers
  }

  async function scored(texts: readonly string[], batch: number): Promise<Answer[]> {
    const answers: Answer[] = []
    for (const prompts of batches(task, texts, batch)) {
      const inputs: object = pipe.tokenizer(prompts, { padding: true, truncation: true })
      const start = new Tensor('int64', new BigInt64Array(prompts.length), [prompts.length, 1])
      const { logits } = readLogits(await pipe.model({ ...inputs, decoder_input_ids: start }))
      const vocabulary = logits.length / prompts.length
      prompts.forEach((_, row) => {
        const scores = labelTokens.map((token) => logits[row * vocabulary + token] ?? NaN)
        answers.push({ label: topIndex(scores), scores })
      })
    }
    return answers
  }

  return { generated, scored }
}

function* batches(task: Task, texts: readonly string[], size: number): Generator<string[]> {
  for (let start = 0; start < texts.length; start += size)
    yield texts.slice(start, start + size).map((text) => renderQuery(task, text))
}

/** The library types a model's answer as anything. */
function readLogits(output: unknown): { readonly logits: Float32Array } {
  if (typeof output === 'object' && output !== null && 'logits' in output) {
    const { logits } = output
    if (
      typeof logits === 'object' &&
      logits !== null &&
      'data' in logits &&
      logits.data instanceof Float32Array
    )
      return { logits: logits.data }
  }
  throw new Error('The model gave no float32 logits')
}
