import { softmax } from '../../src/domain/softmax'
import { renderQuery } from '../../src/domain/template'
import type { BackendCheck } from '../../src/engine/contract'
import type { Adapter } from '../formats/adapter'
import { PromiseCache } from '../t5/promise-cache'
import { EngineFailure } from './engine-failure'
import type { JobContext } from './jobs'
import type { LoadedModel, ReadModel } from './loaded-model'
import { scoreInBatches, scoringOf } from './scoring'

/** Greatest |Δp| of a backend that does the same arithmetic in another order; weights are the same numbers on both. */
const maxDifference = 0.005

/** The probabilities of each text's labels under the model's own task. */
export async function probe(
  model: LoadedModel,
  texts: readonly string[],
  adapter: Adapter | undefined,
  context: JobContext,
): Promise<readonly (readonly number[])[]> {
  const { task } = model.summary
  const { plan } = scoringOf(model, task)
  const prompts = texts.map((text) => model.tokenizer.encode(renderQuery(task, text)).ids)
  const probabilities: (readonly number[])[] = []
  for await (const batch of scoreInBatches(model, prompts, plan, adapter, context))
    for (const { index, scores } of batch) probabilities[index] = softmax(scores)
  return probabilities
}

/** Checks a model's backend once with each adapter. */
export function backendChecks(
  model: LoadedModel,
  { texts, make }: NonNullable<ReadModel['reference']>,
): LoadedModel['check'] {
  const checks = new PromiseCache<Adapter | undefined, BackendCheck>()
  const check = async (adapter: Adapter | undefined, context: JobContext): Promise<BackendCheck> => {
    const scorer = make(adapter)
    try {
      return await compare(model, { ...model, scorer }, texts, adapter, context)
    } finally {
      await scorer.dispose()
    }
  }
  return async (adapter, context) => {
    for (;;) {
      try {
        return await checks.get(adapter, () => check(adapter, context))
      } catch (error) {
        await context.checkpoint()
        // Another job had begun it and was stopped: this one checks anew.
        if (!(error instanceof EngineFailure && error.code === 'cancelled')) throw error
      }
    }
  }
}

/** @throws EngineFailure `backend-lost` when the two differ by more than arithmetic explains */
async function compare(
  model: LoadedModel,
  reference: LoadedModel,
  texts: readonly string[],
  adapter: Adapter | undefined,
  context: JobContext,
): Promise<BackendCheck> {
  const found = await probe(model, texts, adapter, context)
  const expected = await probe(reference, texts, adapter, context)
  const difference = greatestDifference(found, expected)
  if (difference <= maxDifference) return { texts: texts.length, maxDifference: difference }
  throw new EngineFailure(
    'backend-lost',
    `${model.summary.device ?? model.summary.backend} computes other probabilities than WASM: they differ by up to ` +
      `${difference.toFixed(3)}, and ${String(maxDifference)} is allowed.`,
  )
}

/** Greatest |Δp| over texts and labels. */
export const greatestDifference = (
  found: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
): number =>
  expected.reduce(
    (most, row, text) =>
      row.reduce(
        (worst, p, label) => Math.max(worst, Math.abs(p - (found[text]?.[label] ?? Infinity))),
        most,
      ),
    0,
  )
