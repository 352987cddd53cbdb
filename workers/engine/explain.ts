import { askedOf, textOf, type Asked } from '../../src/domain/asked'
import { softmax } from '../../src/domain/softmax'
import { splitWords, withoutWord } from '../../src/domain/words'
import type { Explanation, PromptView, TextRequest } from '../../src/engine/contract'
import type { JobContext } from './jobs'
import type { LoadedModel } from './loaded-model'
import { Prompts } from './prompts'
import { adapterOf, scoreInBatches, scoringOf } from './scoring'

/** The prompt of one text with its tokens, as {@link classify} would run it. */
export async function inspect(
  model: LoadedModel,
  { task, mode, text }: TextRequest,
  context: JobContext,
): Promise<PromptView> {
  const { tokenizer } = model
  const { prefix, labelTokens } = scoringOf(model, task)
  const prompts = await Prompts.create(model, task, mode, context)
  const [prepared] = await prompts.prepareAll([text])
  if (!prepared) throw new Error('No prompt was prepared')
  return {
    prompt: prepared.prompt,
    tokens: tokenizer.view(prepared.encoded),
    isCut: prepared.isCut,
    isTextCut: prepared.text !== textOf(text),
    demonstrationsUsed: prepared.demonstrationsUsed,
    demonstrationsAsked: mode.kind === 'k-shot' ? mode.k : 0,
    decoderPrefix: prefix.map((id) => tokenizer.viewId(id)),
    labelTokens: labelTokens.map((encoded) => tokenizer.view(encoded)),
  }
}

/**
 * Occlusion (leave-one-out): how much the predicted label's probability drops when each word of text and pair is left
 * out (arXiv 1612.08220). The demonstrations stay those of the whole text.
 */
export async function explain(
  model: LoadedModel,
  { task, mode, text }: TextRequest,
  context: JobContext,
): Promise<Explanation> {
  const adapter = adapterOf(model, mode)
  const { plan } = scoringOf(model, task)
  const prompts = await Prompts.create(model, task, mode, context)
  const [demonstrations = []] = await prompts.chooseDemonstrations([text])
  // Words beyond the cut were not seen, so leaving them out changes nothing.
  const whole = prompts.prepare(text, demonstrations)
  const { text: kept, pair } = whole
  const words = splitWords(kept)
  const pairWords = splitWords(pair)
  const shorter: Asked[] = [
    ...words.map((word) => askedOf({ text: withoutWord(kept, word), pair })),
    ...pairWords.map((word) => askedOf({ text: kept, pair: withoutWord(pair, word) })),
  ]
  const prompted = [whole.encoded.ids]
  await model.check(adapter, context)
  for (const asked of shorter) {
    await context.checkpoint()
    prompted.push(prompts.prepare(asked, demonstrations).encoded.ids)
  }

  const probabilities: number[][] = []
  for await (const batch of scoreInBatches(model, prompted, plan, adapter, context))
    for (const { index, scores } of batch) probabilities[index] = softmax(scores)

  const ofWhole = probabilities[0] ?? []
  const probability = Math.max(...ofWhole)
  const label = ofWhole.indexOf(probability)
  const dropOf = (place: number): number => probability - (probabilities[place + 1]?.[label] ?? 0)
  return {
    label,
    probability,
    words: words.map((word, i) => ({ ...word, drop: dropOf(i) })),
    pairWords: pairWords.map((word, i) => ({ ...word, drop: dropOf(words.length + i) })),
  }
}
