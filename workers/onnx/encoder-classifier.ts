import type { EncoderConfig } from '../formats/encoder-config'
import type { BuiltGraph } from '../graph/graph-builder'
import { int64Matrix, type Tensor } from '../graph/tensor'
import type { Feeds, Session } from '../runtime/session'
import { RuntimeError } from '../runtime/runtime-error'
import type { LabelScorer } from '../t5/label-scorer'
import { labelScores, type ScoringPlan } from '../t5/scoring-plan'
import type { Compile } from '../t5/t5-model'
import { tokenBatch } from './token-batch'

/** An encoder with a classification head: one logit for each class that it was trained on. */
export class EncoderClassifier implements LabelScorer {
  private constructor(
    private readonly config: EncoderConfig,
    private readonly session: Session,
  ) {}

  /** @param file `model*.onnx`: input_ids, attention_mask, where it has them token_type_ids → logits */
  static async load(config: EncoderConfig, file: BuiltGraph, compile: Compile): Promise<EncoderClassifier> {
    return new EncoderClassifier(config, await compile(file))
  }

  /** Compiled when the model was loaded. */
  prepare(): Promise<void> {
    return Promise.resolve()
  }

  /** @param plan its tokens are classes, see planClasses */
  async classify(batch: readonly (readonly number[])[], plan: ScoringPlan): Promise<number[][]> {
    const tokens = tokenBatch(batch, this.config)
    const known: Feeds = {
      input_ids: tokens.ids,
      attention_mask: tokens.mask,
      // One text is one segment.
      token_type_ids: int64Matrix(tokens.ids.dims, new BigInt64Array(tokens.batch * tokens.length)),
    }
    const feeds: Record<string, Tensor> = {}
    for (const { name } of this.session.inputs) {
      const feed = known[name]
      if (!feed) throw new RuntimeError('run', `the classifier has an unknown input ${name}`)
      feeds[name] = feed
    }
    const { logits } = await this.session.run(feeds, ['logits'])
    return labelScores(plan, tokens.batch, this.withNo(logits.data))
  }

  dispose(): Promise<void> {
    return this.session.dispose()
  }

  /** A head of one logit says yes or no: no has logit 0, and the softmax of both is the logit's sigmoid. */
  private withNo(logits: Float32Array): Float32Array {
    if (!this.config.isYesNo) return logits
    return Float32Array.from({ length: logits.length * 2 }, (_, i) =>
      i % 2 === 0 ? 0 : (logits[(i - 1) / 2] ?? NaN),
    )
  }
}

/** Scores are the logits of the classes, in the order in which the labels are shown. */
export function planClasses(classes: readonly number[]): ScoringPlan {
  return {
    sequences: [],
    tokens: Array.from({ length: classes.length }, (_, column) => column),
    labels: classes.map((column) => [{ query: 0, column }]),
    needsNormaliser: false,
  }
}
