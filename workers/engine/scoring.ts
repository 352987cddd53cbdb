import type { Adapter } from '../formats/adapter'
import type { T5Config } from '../formats/t5-config'
import { planClasses } from '../onnx/encoder-classifier'
import type { Mode, Task } from '../../src/domain/task'
import { renderQuery } from '../../src/domain/template'
import { planScoring, type ScoringPlan } from '../t5/scoring-plan'
import { hasSentinel, type EncodedText, type TextTokenizer } from '../t5/tokenizer'
import { planBatches } from './batches'
import { EngineFailure } from './engine-failure'
import type { JobContext } from './jobs'
import type { LoadedModel } from './loaded-model'

/** How the labels of a task are read off a model, and what else a task means to its tokenizer. */
export interface Scoring {
  readonly plan: ScoringPlan
  /** Decoder tokens before the label; none where there is no decoder. */
  readonly prefix: readonly number[]
  readonly labelTokens: readonly EncodedText[]
  /** Tokens of the prompt around no text at all. */
  readonly emptyPromptTokens: number
}

/** More tasks than a visitor tries in a row. */
const rememberedTasks = 16

type TaskReader = Pick<LoadedModel, 'readLabels' | 'scorings'>

/**
 * The scoring of a task, worked out once for each: a single text would pay for it every time.
 * @throws EngineFailure `invalid-request` for labels that the model cannot give
 */
export function scoringOf(model: TaskReader, task: Task): Scoring {
  const key = JSON.stringify([task.template, task.labels, task.optionsSeparator])
  const known = model.scorings.get(key)
  if (known) return known
  const scoring = model.readLabels(task)
  if (model.scorings.size >= rememberedTasks) model.scorings.clear()
  model.scorings.set(key, scoring)
  return scoring
}

/**
 * T5 is asked for the words of any labels.
 * @throws EngineFailure `invalid-request` for label words that the vocabulary cannot tell apart
 */
export function readLabelWords(
  tokenizer: TextTokenizer,
  { decoderStartTokenId, padTokenId }: Pick<T5Config, 'decoderStartTokenId' | 'padTokenId'>,
  task: Task,
): Scoring {
  const prefix = [decoderStartTokenId]
  if (hasSentinel(task.template)) {
    const { sentinelId } = tokenizer
    if (sentinelId === undefined)
      throw new EngineFailure(
        'invalid-request',
        'This model has no <extra_id_0>, so the template cannot hold it.',
      )
    prefix.push(sentinelId)
  }
  const seen = new Map<string, string>()
  const labelTokens = task.labels.map(({ words }) => {
    const encoded = tokenizer.encodeLabel(words)
    const key = encoded.ids.join()
    const twin = seen.get(key)
    if (encoded.ids.length === 0 || encoded.ids.some((id) => tokenizer.isUnknown(id)))
      throw new EngineFailure(
        'invalid-request',
        `This model does not know the label word “${words}”. Choose another word.`,
      )
    if (twin !== undefined)
      throw new EngineFailure(
        'invalid-request',
        `This model cannot tell the label words “${twin}” and “${words}” apart. Choose other words.`,
      )
    seen.set(key, words)
    return encoded
  })
  const plan = planScoring(
    prefix,
    labelTokens.map(({ ids }) => ids),
    padTokenId,
  )
  const emptyPromptTokens = tokenizer.encode(renderQuery(task, '')).ids.length
  return { plan, prefix, labelTokens, emptyPromptTokens }
}

/**
 * A classifier has the labels that it was trained on, in any order.
 * @param classes their ids, in the order of the head
 * @throws EngineFailure `invalid-request` for other labels
 */
export function readClasses(tokenizer: TextTokenizer, classes: readonly string[], task: Task): Scoring {
  const indices = task.labels.map(({ id }) => classes.indexOf(id))
  if (indices.length !== classes.length || new Set([...indices, -1]).size !== classes.length + 1)
    throw new EngineFailure(
      'invalid-request',
      `This model was trained on the labels ${classes.join(', ')} and can give no others.`,
    )
  return {
    plan: planClasses(indices),
    prefix: [],
    labelTokens: classes.map(() => ({ ids: [], pieces: [] })),
    emptyPromptTokens: tokenizer.encode(renderQuery(task, '')).ids.length,
  }
}

/** The adapter that a mode names. @throws EngineFailure `invalid-request` when the model does not have it */
export function adapterOf({ adapters, summary }: LoadedModel, mode: Mode): Adapter | undefined {
  if (mode.kind !== 'fine-tuned') return undefined
  const adapter = adapters.get(mode.adapter)
  if (adapter) return adapter
  const known = [...adapters.keys()].join(', ') || 'none'
  throw new EngineFailure(
    'invalid-request',
    `${summary.model} has no adapter “${mode.adapter}”; it has: ${known}.`,
  )
}

/** The answer for one of the texts given to {@link scoreInBatches}. */
export interface TextScores {
  readonly index: number
  /** One per label, see {@link ScoringPlan}. */
  readonly scores: readonly number[]
  readonly milliseconds: number
}

/** Scores prompts in batches of near-equal length, in an order of its own; stops at checkpoints between batches. */
export async function* scoreInBatches(
  { scorer, summary, batchingRule }: LoadedModel,
  prompts: readonly (readonly number[])[],
  plan: ScoringPlan,
  adapter: Adapter | undefined,
  { checkpoint, now }: JobContext,
): AsyncGenerator<TextScores[]> {
  const lengths = prompts.map((ids) => ids.length)
  for (const batch of planBatches(lengths, batchingRule)) {
    await checkpoint()
    const started = now()
    const ids = batch.map((index) => prompts[index] ?? [])
    const scores = await scorer.classify(ids, plan, adapter)
    if (scores.some((row) => !row.every(Number.isFinite)))
      throw new EngineFailure(
        'invalid-model',
        `${summary.model} answered with numbers that are not finite; its weights are damaged.`,
      )
    const milliseconds = (now() - started) / batch.length
    yield batch.map((index, row) => ({ index, scores: scores[row] ?? [], milliseconds }))
  }
}
