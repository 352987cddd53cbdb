import {
  balancedDemonstrations,
  randomDemonstrations,
  similarDemonstrations,
  validateDemonstrations,
} from '../../src/domain/demonstrations'
import { fitPrompt } from '../../src/domain/fit'
import type { Demonstration, Mode, Task } from '../../src/domain/task'
import { renderKShot, renderQuery, validateKShotFormat, validateTemplate } from '../../src/domain/template'
import type { EncodedText } from '../t5/tokenizer'
import { EngineFailure } from './engine-failure'
import type { LoadedModel } from './load-model'

/** A text as the model gets it. */
export interface PreparedText {
  readonly prompt: string
  readonly encoded: EncodedText
  readonly isCut: boolean
  readonly isUnreadable: boolean
  readonly demonstrationsUsed: number
}

/** Above this share of unknown characters a text counts as unreadable for the model. */
const unreadableShare = 0.5

/** The demonstrations for each of some texts. */
type Choose = (texts: readonly string[]) => Promise<readonly (readonly Demonstration[])[]>

/** Puts texts into prompts under one task and mode. */
export class Prompts {
  private readonly emptyPromptTokens: number

  private constructor(
    private readonly model: LoadedModel,
    private readonly task: Task,
    private readonly isKShot: boolean,
    readonly chooseDemonstrations: Choose,
  ) {
    this.emptyPromptTokens = model.tokenizer.encode(renderQuery(task, '')).ids.length
  }

  /** @throws EngineFailure `invalid-request` for a task or mode that cannot be used */
  static async create(model: LoadedModel, task: Task, mode: Mode): Promise<Prompts> {
    checkTask(task, mode)
    return new Prompts(model, task, mode.kind === 'k-shot', await chooser(model, task, mode))
  }

  /** Prepares texts that are classified together, each with the demonstrations that the mode gives it. */
  async prepareAll(texts: readonly string[]): Promise<PreparedText[]> {
    const demonstrations = await this.chooseDemonstrations(texts)
    return texts.map((text, i) => this.prepare(text, demonstrations[i] ?? []))
  }

  /** Renders, fits and encodes one text; `demonstrations` come first in the prompt, the ones that fit. */
  prepare(text: string, demonstrations: readonly Demonstration[]): PreparedText {
    const { model, task } = this
    const render = (shown: readonly Demonstration[], kept: string) =>
      this.isKShot ? renderKShot(task, shown, kept) : renderQuery(task, kept)
    const count = (prompt: string) => model.tokenizer.encode(prompt).ids.length
    const fitted = fitPrompt(render, demonstrations, text, count, task.maxInputTokens)
    const encoded = model.tokenizer.encode(fitted.prompt)
    return { ...fitted, encoded, isUnreadable: this.isUnreadable(text, encoded) }
  }

  private isUnreadable(text: string, encoded: EncodedText): boolean {
    const { tokenizer } = this.model
    const isSuspect =
      encoded.ids.length <= this.emptyPromptTokens || encoded.ids.some((id) => tokenizer.isUnknown(id))
    return isSuspect && tokenizer.unknownShare(text) > unreadableShare
  }
}

function checkTask(task: Task, mode: Mode): void {
  const isKShot = mode.kind === 'k-shot'
  const problem =
    validateTemplate(task.template) ??
    (isKShot ? validateKShotFormat(task.kShot) : undefined) ??
    (isKShot ? validateDemonstrations(task.labels, mode.pool) : undefined) ??
    (isKShot && !(Number.isInteger(mode.k) && mode.k > 0)
      ? `k must be a whole number above 0, not ${String(mode.k)}.`
      : undefined) ??
    (task.labels.length < 2 ? 'A task needs at least two labels.' : undefined)
  if (problem !== undefined) throw new EngineFailure('invalid-request', problem)
}

async function chooser(model: LoadedModel, task: Task, mode: Mode): Promise<Choose> {
  if (mode.kind !== 'k-shot') return (texts) => Promise.resolve(texts.map(() => []))
  const { policy, pool, k, seed } = mode
  if (policy === 'similar') {
    const choose = similarDemonstrations(
      pool,
      await embed(
        model,
        pool.map(({ text }) => text),
      ),
      k,
    )
    return async (texts) => {
      const vectors = await embed(model, texts)
      return texts.map((text, i) => choose(text, vectors[i] ?? new Float32Array()))
    }
  }
  const choose =
    policy === 'random'
      ? randomDemonstrations(pool, k, seed)
      : balancedDemonstrations(pool, task.labels, k, seed)
  return (texts) => Promise.resolve(texts.map(choose))
}

/** The mean of the base model's encoder states over a text's tokens: [dModel] for each text. */
async function embed(model: LoadedModel, texts: readonly string[]): Promise<Float32Array[]> {
  const vectors: Float32Array[] = []
  const { dModel } = model.t5.config
  for (const text of texts) {
    const ids = model.tokenizer.encode(text).ids.slice(0, model.summary.task.maxInputTokens)
    const { states, length } = await model.t5.encode([ids])
    const mean = new Float32Array(dModel)
    states.forEach((value, i) => {
      mean[i % dModel] = (mean[i % dModel] ?? 0) + value / length
    })
    vectors.push(mean)
  }
  return vectors
}
