import { softmax } from '../../src/domain/softmax'
import type { ClassifyRequest, RunSummary, ScoredText } from '../../src/engine/contract'
import { windows } from './batches'
import type { JobContext } from './jobs'
import type { LoadedModel } from './loaded-model'
import { Prompts, type PreparedText } from './prompts'
import { adapterOf, scoreInBatches, scoringOf, type TextScores } from './scoring'

type OnResults = (results: readonly ScoredText[]) => void | Promise<void>

/** Classifies texts window by window and hands results over in input order as soon as their turn comes. */
export async function classify(
  model: LoadedModel,
  { task, mode, texts }: ClassifyRequest,
  onResults: OnResults,
  context: JobContext,
): Promise<RunSummary> {
  const started = context.now()
  const adapter = adapterOf(model, mode)
  const { plan } = scoringOf(model, task)
  // Before the first batch, whose texts would be told to have taken so long.
  await model.scorer.prepare(adapter)
  await model.check(adapter, context)
  const prompts = await Prompts.create(model, task, mode, context)

  for (const { start, end } of windows(texts.length)) {
    const prepared = await prompts.prepareAll(texts.slice(start, end))
    const inOrder = new InOrder(start, prepared, onResults)
    const ids = prepared.map(({ encoded }) => encoded.ids)
    for await (const batch of scoreInBatches(model, ids, plan, adapter, context)) await inOrder.add(batch)
  }
  const { summary } = model
  return {
    model: summary.model,
    weights: adapter?.name ?? 'base',
    numberFormat: summary.numberFormat,
    backend: summary.backend,
    ...(summary.device !== undefined && { device: summary.device }),
    threads: summary.threads,
    batching: summary.batching,
    texts: texts.length,
    elapsedMs: context.now() - started,
  }
}

/** Holds results of a window back until all before them are there. */
class InOrder {
  private readonly waiting = new Map<number, ScoredText>()
  private next = 0

  constructor(
    private readonly start: number,
    private readonly prepared: readonly PreparedText[],
    private readonly onResults: OnResults,
  ) {}

  async add(batch: readonly TextScores[]): Promise<void> {
    for (const scores of batch) {
      const text = this.prepared[scores.index]
      if (text) this.waiting.set(scores.index, scoredText(this.start + scores.index, text, scores))
    }
    const ready: ScoredText[] = []
    for (let result = this.waiting.get(this.next); result; result = this.waiting.get(this.next)) {
      ready.push(result)
      this.waiting.delete(this.next)
      this.next += 1
    }
    if (ready.length > 0) await this.onResults(ready)
  }
}

function scoredText(index: number, text: PreparedText, { scores, milliseconds }: TextScores): ScoredText {
  return {
    index,
    probabilities: softmax(scores),
    scores,
    inputTokens: text.encoded.ids.length,
    isCut: text.isCut,
    isUnreadable: text.isUnreadable,
    demonstrationsUsed: text.demonstrationsUsed,
    milliseconds,
  }
}
