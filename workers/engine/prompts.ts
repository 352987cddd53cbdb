import { askedOf, joined, pairOf, textOf, type Asked } from '../../src/domain/asked'
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
import { embed } from './embed'
import type { JobContext } from './jobs'
import type { LoadedModel } from './loaded-model'
import { scoringOf } from './scoring'

/** A text as the model gets it. */
export interface PreparedText {
  readonly prompt: string
  /** What was kept of the text. */
  readonly text: string
  /** What was kept of the pair, empty where there is none. */
  readonly pair: string
  readonly encoded: EncodedText
  readonly isCut: boolean
  readonly isUnreadable: boolean
  readonly demonstrationsUsed: number
}

/** Above this share of unknown characters a text counts as unreadable for the model. */
const unreadableShare = 0.5

/** Texts prepared or embedded between two chances to stop. */
const checkpointEvery = 16

/** The demonstrations for each of some texts. */
type Choose = (texts: readonly Asked[]) => Promise<readonly (readonly Demonstration[])[]>

/** Puts texts into prompts under one task and mode. */
export class Prompts {
  private readonly emptyPromptTokens: number

  private constructor(
    private readonly model: LoadedModel,
    private readonly task: Task,
    private readonly kind: Mode['kind'],
    private readonly context: JobContext,
    readonly chooseDemonstrations: Choose,
  ) {
    this.emptyPromptTokens = scoringOf(model, task).emptyPromptTokens
  }

  /** @throws EngineFailure `invalid-request` for a task or mode that cannot be used */
  static async create(model: LoadedModel, task: Task, mode: Mode, context: JobContext): Promise<Prompts> {
    checkMode(model, mode)
    checkTask(task, mode)
    const choose = await chooser(model, task, mode, context)
    return new Prompts(model, task, mode.kind, context, choose)
  }

  /** Prepares texts that are classified together, each with the demonstrations that the mode gives it. */
  async prepareAll(texts: readonly Asked[]): Promise<PreparedText[]> {
    const demonstrations = await this.chooseDemonstrations(texts)
    const prepared: PreparedText[] = []
    for (const [i, text] of texts.entries()) {
      if (i % checkpointEvery === 0) await this.context.checkpoint()
      prepared.push(this.prepare(text, demonstrations[i] ?? []))
    }
    return prepared
  }

  /** Renders, fits and encodes one text; `demonstrations` come first in the prompt, the ones that fit. */
  prepare(text: Asked, demonstrations: readonly Demonstration[]): PreparedText {
    const { task } = this
    const render = (shown: readonly Demonstration[], kept: Asked) =>
      this.kind === 'k-shot' ? renderKShot(task, shown, kept) : renderQuery(task, kept)
    const count = (prompt: string, asked: Asked) => this.encode(prompt, asked).ids.length
    const fitted = fitPrompt(render, demonstrations, text, count, task.maxInputTokens)
    const encoded = this.encode(fitted.prompt, askedOf(fitted))
    return { ...fitted, encoded, isUnreadable: this.isUnreadable(joined(fitted), encoded) }
  }

  /** A classifier was trained on text and pair with its own separator between them; others get one prompt. */
  private encode(prompt: string, asked: Asked): EncodedText {
    const { tokenizer } = this.model
    const isApart = this.kind === 'as-trained' && pairOf(asked) !== ''
    return isApart ? tokenizer.encodePair(textOf(asked), pairOf(asked)) : tokenizer.encode(prompt)
  }

  /** Looks at the text alone only where the prompt gives reason to: that is a second encoding. */
  private isUnreadable(text: string, { ids }: EncodedText): boolean {
    const { tokenizer } = this.model
    const isSuspect =
      this.kind === 'k-shot' ||
      ids.length <= this.emptyPromptTokens ||
      ids.some((id) => tokenizer.isUnknown(id))
    return isSuspect && tokenizer.unknownShare(text) > unreadableShare
  }
}

function checkMode({ summary: { model, modes } }: LoadedModel, { kind }: Mode): void {
  if (modes.includes(kind)) return
  throw new EngineFailure(
    'invalid-request',
    `${model} cannot be asked ${kind}; it can be asked: ${modes.join(', ')}.`,
  )
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

async function chooser(model: LoadedModel, task: Task, mode: Mode, context: JobContext): Promise<Choose> {
  if (mode.kind !== 'k-shot') return (texts) => Promise.resolve(texts.map(() => []))
  const { policy, pool, k, seed } = mode
  if (policy === 'similar') {
    const poolTexts = pool.map(({ text }) => text)
    const vectors = await model.poolVectors.get(JSON.stringify(poolTexts), () => embed(model, poolTexts))
    const choose = similarDemonstrations(pool, vectors, k)
    return async (texts) => {
      const queries = await embed(model, texts.map(joined), context)
      return texts.map((text, i) => choose(textOf(text), queries[i] ?? new Float32Array()))
    }
  }
  const choose =
    policy === 'random'
      ? randomDemonstrations(pool, k, seed)
      : balancedDemonstrations(pool, task.labels, k, seed)
  return (texts) => Promise.resolve(texts.map((text) => choose(textOf(text))))
}
