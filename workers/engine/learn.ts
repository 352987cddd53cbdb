import { curveOf, learn as learnFrom } from '../../src/domain/active/learn'
import type { CurvePoint } from '../../src/domain/active/learning-curve'
import type { Learned, LearnRequest } from '../../src/engine/learning'
import { embed } from './embed'
import { EngineFailure } from './engine-failure'
import type { JobContext } from './jobs'
import type { LoadedModel } from './loaded-model'

/** Vectors of so many texts are remembered for the next time. */
const REMEMBERED = 20_000

/**
 * Fits a quick head to labels made by hand. The encoder runs once for each text, the head anew each time.
 * @throws EngineFailure `invalid-request` for a model whose states are not to be had
 */
export async function learn(
  model: LoadedModel,
  { texts, classes, made, heldOut, withCurve }: LearnRequest,
  context: JobContext,
  now: () => number,
): Promise<Learned> {
  if (!model.states)
    throw new EngineFailure(
      'invalid-request',
      `${model.summary.model} cannot compare texts, so nothing can be learnt on top of it. Pick a T5 in safetensors.`,
    )
  const { textVectors } = model
  const fresh = [...new Set(texts)].filter((text) => !textVectors.has(text))
  if (textVectors.size + fresh.length > REMEMBERED) textVectors.clear()
  const wanted = textVectors.size === 0 ? [...new Set(texts)] : fresh
  const vectors = await embed(model, wanted, context)
  for (const [place, text] of wanted.entries()) textVectors.set(text, vectors[place] ?? new Float32Array())
  const embeddings = texts.map((text) => textVectors.get(text) ?? new Float32Array())
  const lesson = { embeddings, classes, made, heldOut }
  const startedAt = now()
  const learned = learnFrom(lesson)
  const trainMs = now() - startedAt
  const curve: CurvePoint[] = []
  if (withCurve)
    for (const point of curveOf(lesson)) {
      if (point) curve.push(point)
      await context.checkpoint()
    }
  return { ...learned, curve, trainMs }
}
