import {
  articleGroups,
  hasCell,
  withCell,
  type ArticleCell,
  type ArticleColumn,
  type ArticleGroup,
  type ArticleSet,
  type ArticleTexts,
} from '../../domain/evaluation/article'
import { splitOf } from '../../domain/known-splits'
import type { Mode } from '../../domain/task'
import { ARTICLE_KEY, articleSchema, articleSets, type ArticleRecord } from '../../storage/article-record'
import type { FileSource } from '../../storage/file-record'
import type { SetupChoice, SetupRecord } from '../../storage/compare-record'
import { SHOT_COUNTS } from '../../storage/settings-record'
import type { Workspace } from '../../storage/workspace'
import { offeredModes } from '../mode'
import type { Comparison } from './comparison.svelte'
import type { Results } from './results.svelte'
import { isSameChoice } from './same-choice'
import type { Setup } from './setup.svelte'

export interface ArticleSurroundings {
  readonly comparison: Comparison
  readonly results: Results
  readonly workspace: Workspace
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** The file that is open in Classify. */
  readonly file: () => Pick<FileSource, 'name' | 'dataset'> | undefined
}

/** Column of a mode: a classifier has been tuned for what it answers. */
function columnOf(mode: Mode): ArticleColumn | undefined {
  switch (mode.kind) {
    case 'zero-shot':
    case 'fine-tuned':
      return mode.kind
    case 'as-trained':
      return 'fine-tuned'
    case 'k-shot':
      return (['1-shot', '5-shot', '10-shot'] as const).find((column) => column === `${mode.k}-shot`)
  }
}

function variantOf(mode: Mode, { template, numberFormat }: SetupRecord, isOneOfSeveral: boolean): string {
  const parts: string[] = []
  if (mode.kind === 'k-shot')
    parts.push(mode.policy === 'similar' ? 'most similar' : `${mode.policy}, seed ${mode.seed}`)
  if (mode.kind === 'as-trained') parts.push('as trained')
  if (mode.kind === 'fine-tuned' && isOneOfSeveral) parts.push(mode.adapter)
  if (template === 'model') parts.push('own template')
  if (numberFormat !== null) parts.push(numberFormat)
  return parts.join(', ')
}

/** The article's table: all ways of asking for the chosen models, and what finished runs came to, by data set. */
export class Article {
  readonly #around: ArticleSurroundings
  #sets = $state.raw<readonly ArticleSet[]>([])
  #trouble = $state.raw<string>()
  #isAsked = $state.raw(false)

  /** The texts that are compared on now; undefined where nobody knows their gold labels. */
  readonly atHand: ArticleTexts | undefined = $derived.by(() => {
    const { comparison, file } = this.#around
    const texts = comparison.lines?.length ?? 0
    if (comparison.goldCount === 0) return undefined
    if (comparison.source === 'labels')
      return { key: 'labels', name: 'labelled here', dataset: undefined, split: undefined, texts }
    const { name, dataset } = file() ?? { name: 'the text in Classify', dataset: undefined }
    const split = dataset && splitOf(dataset.id, texts)
    return {
      key: `file ${name} ${dataset?.id ?? ''} ${texts}`,
      name: dataset?.name ?? name,
      dataset: dataset?.id,
      // Of a part of a data set, its file's name says most.
      split: split ?? (dataset && `in ${name}`),
      texts,
    }
  })
  readonly groups: readonly ArticleGroup[] = $derived.by(() => articleGroups(this.#sets, this.atHand))

  constructor(around: ArticleSurroundings) {
    this.#around = around
    around.comparison.queue.onEnded(() => {
      this.noteFinished()
    })
  }

  /** Reads what is stored. */
  async open(): Promise<void> {
    const { value } = await this.#around.workspace.read(ARTICLE_KEY, articleSchema)
    if (value) this.#sets = articleSets(value)
  }

  get sets() {
    return this.#sets
  }
  /** Why something that was asked for is not in the table. */
  get trouble() {
    return this.#trouble
  }
  /** The table was asked for in this visit. */
  get isAsked() {
    return this.#isAsked
  }

  /** Adds the set-ups of the table that are not there yet and asks all of its set-ups; resolves when they are done. */
  async run(models: readonly string[]): Promise<void> {
    const { comparison } = this.#around
    this.#trouble = undefined
    this.#isAsked = true
    const choices: SetupChoice[] = []
    for (const model of models) choices.push(...(await this.#choicesOf(model)))
    const find = (choice: SetupChoice) => comparison.setups.find(({ record }) => isSameChoice(record, choice))
    const added = await comparison.add(choices.filter((choice) => !find(choice)))
    if (!added) this.#trouble = comparison.trouble
    await comparison.queue.run(choices.map(find).filter((setup): setup is Setup => setup !== undefined))
  }

  /** Takes in the figures of all set-ups that have answered all texts. */
  noteFinished(): void {
    const { results, clock } = this.#around
    const texts = this.atHand
    if (!texts || !results.hasGold) return
    let sets = this.#sets
    for (const side of results.sides) {
      const cell = side.setup?.left === 0 ? this.#cellOf(side.setup, clock()) : undefined
      if (cell && !hasCell(sets, texts, cell)) sets = withCell(sets, texts, cell)
    }
    if (sets !== this.#sets) this.#keep(sets)
  }

  /** Takes the figures of some texts out of the table. */
  remove(key: string): void {
    this.#keep(this.#sets.filter((set) => set.key !== key))
  }

  async #choicesOf(model: string): Promise<readonly SetupChoice[]> {
    const { comparison } = this.#around
    const loaded = await comparison.asking.look(model)
    const name = comparison.nameOf(model)
    if (!loaded.ok) {
      this.#trouble = `${name} is not in the table: ${loaded.error.message}`
      return []
    }
    const choose = (mode: SetupRecord['mode'], k?: SetupRecord['k']): SetupChoice => {
      const choice = { ...comparison.choiceOf(model, mode), adapter: null }
      return k === undefined ? choice : { ...choice, k }
    }
    if (loaded.value.modes.includes('as-trained')) return [choose('fine-tuned')]
    return offeredModes(loaded.value).flatMap((mode) => {
      if (mode !== 'k-shot') return [choose(mode)]
      if (comparison.around.pool().length > 0) return SHOT_COUNTS.map((k) => choose(mode, k))
      this.#trouble =
        'k-shot is left out: there are no labelled examples for these labels. Label some texts first.'
      return []
    })
  }

  #cellOf(setup: Setup, at: number): ArticleCell | undefined {
    const { comparison, results } = this.#around
    const side = results.sideOf(setup)
    const figures = side && results.figuresOf(side)
    const { answers, record } = setup
    const column = answers && columnOf(answers.setup.mode)
    if (!figures || !column) return undefined
    const { runId, summary, parts } = answers
    const adapters = comparison.asking.summaryOf(record.model)?.adapters.length ?? 0
    return {
      ...{ model: record.model, name: comparison.nameOf(record.model), column, runId, at },
      variant: variantOf(answers.setup.mode, record, adapters > 1),
      n: figures.n,
      accuracy: figures.accuracy,
      accuracyInterval: figures.accuracyInterval,
      macroF1: figures.macroF1,
      macroF1Interval: figures.intervals.macroF1,
      weightsSha256: [...new Set(parts.map(({ weightsSha256 }) => weightsSha256))].join('; '),
      ...{ numberFormat: summary.numberFormat, backend: summary.backend },
    }
  }

  #keep(sets: readonly ArticleSet[]): void {
    this.#sets = sets
    const record: ArticleRecord = {
      version: 1,
      sets: sets.map(({ cells, ...set }) => ({ ...set, cells: [...cells] })),
    }
    void this.#around.workspace.write({ [ARTICLE_KEY]: record })
  }
}
