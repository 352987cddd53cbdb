/** The onnx room runs models in the layout that transformers.js loads: T5 as encoder and decoder, and encoder classifiers. */
import type { T5Config } from '../formats/t5-config'
import type { BuiltGraph } from '../graph/graph-builder'
import { float32, int64Matrix, type Tensor } from '../graph/tensor'
import type { Feeds, FloatTensor, Session, SessionInput } from '../runtime/session'
import { RuntimeError } from '../runtime/runtime-error'
import type { EncodedBatch, LabelScorer, StateEncoder } from '../t5/label-scorer'
import type { ScoringPlan } from '../t5/scoring-plan'
import type { Compile } from '../t5/t5-model'
import { tokenBatch, type TokenBatch } from './token-batch'

/** The two files of a T5 model, as published. */
export interface OnnxT5Files {
  /** `encoder_model*.onnx`: input_ids, attention_mask → last_hidden_state. */
  readonly encoder: BuiltGraph
  /** `decoder_model_merged*.onnx` or `decoder_model*.onnx`: input_ids, the encoder's states and mask → logits. */
  readonly decoder: BuiltGraph
}

/** Sizes that feeds need. */
type OnnxT5Config = Pick<T5Config, 'dModel' | 'dKv' | 'numHeads' | 'vocabSize' | 'padTokenId'>

/** A batch as the decoder sees it. */
interface States extends EncodedBatch {
  readonly tokens: TokenBatch
}

/**
 * T5 in a published ONNX folder: the encoder, then one pass of the decoder over each label's prefix (teacher forcing), whose
 * logits cover the whole vocabulary. The cache that the decoder may have is left empty.
 */
export class OnnxT5 implements LabelScorer, StateEncoder {
  private constructor(
    private readonly config: OnnxT5Config,
    private readonly encoder: Session,
    private readonly decoder: Session,
  ) {}

  static async load(config: OnnxT5Config, files: OnnxT5Files, compile: Compile): Promise<OnnxT5> {
    const encoder = await compile(files.encoder)
    try {
      return new OnnxT5(config, encoder, await compile(files.decoder))
    } catch (error) {
      await encoder.dispose()
      throw error
    }
  }

  get width(): number {
    return this.config.dModel
  }

  /** Both graphs were compiled when the model was loaded. */
  prepare(): Promise<void> {
    return Promise.resolve()
  }

  async encode(batch: readonly (readonly number[])[]): Promise<States> {
    const tokens = tokenBatch(batch, this.config)
    const feeds: Feeds = { input_ids: tokens.ids, attention_mask: tokens.mask }
    const { last_hidden_state } = await this.encoder.run(feeds, ['last_hidden_state'])
    return { tokens, length: tokens.length, states: last_hidden_state.data }
  }

  async classify(batch: readonly (readonly number[])[], plan: ScoringPlan): Promise<number[][]> {
    const states = await this.encode(batch)
    const scores = batch.map(() => plan.labels.map(() => 0))
    // One sequence at a time: side by side their logits over the vocabulary would take a multiple of the memory.
    for (const [row, sequence] of plan.sequences.entries())
      addScores(scores, plan, row, await this.decode(states, sequence))
    return scores
  }

  async dispose(): Promise<void> {
    await this.encoder.dispose()
    await this.decoder.dispose()
  }

  /** Logits [batch, positions, vocabulary] after each position of one decoder input. */
  private async decode({ tokens, states }: States, sequence: readonly number[]): Promise<FloatTensor> {
    const { batch, length, mask } = tokens
    const ids = BigInt64Array.from({ length: batch * sequence.length }, (_, i) =>
      BigInt(sequence[i % sequence.length] ?? 0),
    )
    const known: Feeds = {
      input_ids: int64Matrix([batch, sequence.length], ids),
      encoder_attention_mask: mask,
      encoder_hidden_states: float32([batch, length, this.config.dModel], states),
    }
    const feeds: Record<string, Tensor> = {}
    for (const input of this.decoder.inputs)
      feeds[input.name] = known[input.name] ?? this.unused(input, batch)
    const { logits } = await this.decoder.run(feeds, ['logits'])
    return logits
  }

  /** What a decoder with a cache is given when there is nothing in it. */
  private unused({ name, type }: SessionInput, batch: number): Tensor {
    if (name === 'use_cache_branch') return { type: 'bool', dims: [1], data: Uint8Array.of(0) }
    const dims = [batch, this.config.numHeads, 0, this.config.dKv]
    if (name.startsWith('past_key_values.') && type === 'float32') return float32(dims, new Float32Array())
    if (name.startsWith('past_key_values.') && type === 'float16')
      return { type, dims, data: new Uint16Array() }
    throw new RuntimeError('run', `the decoder has an unknown input ${name} of type ${type}`)
  }
}

/** Adds what one decoder input says: logits [batch, positions, vocabulary]. */
function addScores(
  scores: readonly number[][],
  { labels, tokens, needsNormaliser }: ScoringPlan,
  row: number,
  { dims, data }: FloatTensor,
): void {
  const [, positions = 0, vocabulary = 0] = dims
  const normalisers = new Map<number, number>()
  for (const [text, ofText] of scores.entries()) {
    normalisers.clear()
    for (const [label, terms] of labels.entries())
      for (const { query, column } of terms) {
        const position = query - row * positions
        if (position < 0 || position >= positions) continue
        const start = (text * positions + position) * vocabulary
        const logits = data.subarray(start, start + vocabulary)
        let normaliser = needsNormaliser ? normalisers.get(position) : 0
        if (normaliser === undefined) {
          normaliser = logSumExp(logits)
          normalisers.set(position, normaliser)
        }
        ofText[label] = (ofText[label] ?? NaN) + (logits[tokens[column] ?? -1] ?? NaN) - normaliser
      }
  }
}

function logSumExp(logits: Float32Array): number {
  const most = logits.reduce((greatest, logit) => Math.max(greatest, logit), -Infinity)
  return most + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0))
}
