import type { Item, Suggestion } from '../../domain/labelling/annotation'
import { entropy, meanDivergence } from '../../domain/active/uncertainty'
import { margin } from '../../domain/margin'
import { partAt } from '../../domain/run-parts'
import type { RunSetup } from '../../storage/results-record'
import type { EngineOutcome } from '../../engine/contract'
import type { RunPlan } from '../go'
import { modeName } from '../mode'
import type { Run } from '../run.svelte'
import type { RunResults, RunStatus } from '../run-results'

export interface SuggestionSurroundings {
  /** Reads the runs over the items that are stored, each by itself, and those that have no answers yet. */
  readonly readRuns: () => Promise<readonly Run[]>
  readonly items: () => readonly Item[]
  /** What is picked in Classify: the model that is asked, and how. */
  readonly plan: () => Promise<EngineOutcome<RunPlan>>
  /** That in a few words. */
  readonly picked: () => string
  /** Whether that is what a run was asked. */
  readonly isPicked: (setup: RunSetup) => boolean
  readonly nameOf: (model: string) => string
  readonly load: (model: string) => ReturnType<RunPlan['reload']>
}

const IDLE: RunStatus = { kind: 'idle' }

/**
 * What models answer about a project's items, before the person does or to compare with. Each set-up that was asked has a
 * run of its own; the one asked last suggests, and in another visit the one that is picked.
 */
export class Suggestions {
  readonly #around: SuggestionSurroundings
  #runs = $state.raw<readonly Run[]>([])
  #last = $state.raw<Run>()

  constructor(around: SuggestionSurroundings) {
    this.#around = around
  }

  /** Reads what is stored. */
  async read(): Promise<void> {
    this.#runs = await this.#around.readRuns()
    const isPicked = ({ shown }: Run) => shown !== undefined && this.#around.isPicked(shown.setup)
    this.#last = this.#runs.find(isPicked) ?? this.#runs.find(({ shown }) => shown !== undefined)
  }

  get status(): RunStatus {
    return this.#last?.status ?? IDLE
  }
  /** Items that are answered. */
  get count(): number {
    return this.#last?.shown?.count ?? 0
  }
  /** Items that are not. */
  get left(): number {
    return this.#around.items().length - this.count
  }
  /** Who suggests, in a few words. */
  get name(): string | undefined {
    const shown = this.#last?.shown
    return shown && this.nameOf(shown)
  }
  /** The run that suggests was over all items that there are now. */
  get isOverAll(): boolean {
    return this.#last?.shown?.lines.length === this.#around.items().length
  }
  get picked(): string {
    return this.#around.picked()
  }
  get isOtherThanPicked(): boolean {
    const setup = this.#last?.shown?.setup
    return setup !== undefined && !this.#around.isPicked(setup)
  }
  /** All runs that have answers, whoever was asked. */
  get runs(): readonly RunResults[] {
    return this.#runs.flatMap(({ shown }) => (shown ? [shown] : []))
  }

  nameOf({ setup }: RunResults): string {
    return `${this.#around.nameOf(setup.model)} ${modeName(setup.mode)}`
  }

  at(place: number): Suggestion | undefined {
    const shown = this.#last?.shown
    return shown && suggestionOf(shown, place)
  }
  /** 1 − margin. */
  doubtAt(place: number): number | undefined {
    const probabilities = this.#last?.shown && probabilitiesAt(this.#last.shown, place)
    return probabilities && 1 - margin(probabilities)
  }
  entropyAt(place: number): number | undefined {
    const probabilities = this.#last?.shown && probabilitiesAt(this.#last.shown, place)
    return probabilities && entropy(probabilities)
  }
  /** How far the runs' answers are from agreeing: the mean Kullback–Leibler divergence to their mean. */
  disputeAt(place: number): number | undefined {
    const answers = this.runs.flatMap((run) => {
      const probabilities = probabilitiesAt(run, place)
      return probabilities ? [probabilities] : []
    })
    return answers.length < 2 ? undefined : meanDivergence(answers)
  }

  /** Goes on with a run over these very items that was broken off; otherwise all are asked, from the first on. */
  async ask(): Promise<void> {
    const planned = await this.#around.plan()
    const run = planned.ok ? this.#runFor(planned.value) : this.#runs[0]
    if (!run) return
    this.#last = run
    const items = this.#around.items()
    const kept = run.shown
    const isOnTheWay = planned.ok && kept?.lines.length === items.length && isSame(kept, planned.value)
    if (isOnTheWay && kept.count < items.length) await run.proceed(this.#around.load)
    else await run.start(items, () => Promise.resolve(planned))
  }
  stop(): void {
    this.#last?.stop()
  }
  /** Holds what is asked; resolves once the answers so far are stored. */
  async leave(): Promise<void> {
    await Promise.all(this.#runs.map((run) => run.leave()))
  }

  /** The run of the same set-up, else a free one, else the one that was not asked last. */
  #runFor(plan: RunPlan): Run | undefined {
    const runs = this.#runs
    return (
      runs.find(({ shown }) => shown && isSame(shown, plan)) ??
      runs.find(({ shown }) => shown === undefined) ??
      runs.find((run) => run !== this.#last)
    )
  }
}

const isSame = ({ setup }: RunResults, plan: RunPlan): boolean =>
  JSON.stringify(setup) === JSON.stringify(plan.setup)

const probabilitiesAt = ({ table, count }: RunResults, place: number): readonly number[] | undefined =>
  place >= 0 && place < count ? table.at(place).probabilities : undefined

/** What a run answered about the item at a place. */
export function suggestionOf(run: RunResults, place: number): Suggestion | undefined {
  const probabilities = probabilitiesAt(run, place)
  if (!probabilities) return undefined
  const { setup, summary, parts } = run
  return {
    probabilities: Object.fromEntries(
      setup.task.labels.map(({ id }, label) => [id, probabilities[label] ?? 0]),
    ),
    model: summary.model,
    weights: summary.weights,
    weightsSha256: partAt(parts, place)?.weightsSha256 ?? '',
  }
}
