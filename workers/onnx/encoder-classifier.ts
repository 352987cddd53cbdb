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
    private readonly separatorId: number | undefined,
  ) {}

  /**
   * @param file `model*.onnx`: input_ids, attention_mask, where it has them token_type_ids → logits
   * @param separatorId what ends a text, and the pair behind it, where the model tells the two apart by token_type_ids
   */
  static async load(
    config: EncoderConfig,
    file: BuiltGraph,
    compile: Compile,
    separatorId: number | undefined,
  ): Promise<EncoderClassifier> {
    return new EncoderClassifier(config, await compile(file), separatorId)
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
      token_type_ids: int64Matrix(tokens.ids.dims, segments(batch, tokens.length, this.separatorId)),
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

/** 0 for the text with its separator and for padding, 1 for the pair with its own. */
function segments(
  batch: readonly (readonly number[])[],
  length: number,
  separatorId: number | undefined,
): BigInt64Array<ArrayBuffer> {
  const types = new BigInt64Array(batch.length * length)
  if (separatorId === undefined) return types
  for (const [row, ids] of batch.entries()) {
    const end = ids.indexOf(separatorId)
    if (end >= 0) types.fill(1n, row * length + end + 1, row * length + ids.length)
  }
  return types
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
