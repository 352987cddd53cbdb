import type { LabelSet } from '../domain/label'
import type { DemonstrationSource } from '../domain/project'
import { findLabel } from '../domain/find-label'
import { coverLabels } from '../domain/project-task'
import type { Demonstration } from '../domain/task'
import type { OpenProject } from './project-list.svelte'

/** What the labelling of a project gives to its other parts. */
export interface OwnLabels {
  /** The project's labelled texts, each once. */
  readonly demonstrations: readonly Demonstration[]
  /** How many texts have each label, by its id. */
  readonly counts: ReadonlyMap<string, number>
}

/** Of a project in which nothing is labelled. */
export const NO_OWN_LABELS: OwnLabels = { demonstrations: [], counts: new Map() }

export interface DemonstrationParts {
  readonly project: OpenProject
  readonly builtIn: readonly Demonstration[]
  readonly own: OwnLabels
  /** The labels that would be asked for now; none before a model is there. */
  readonly labels: () => LabelSet
}

/** Which labelled texts k-shot prompts choose from. */
export class DemonstrationPool {
  readonly #parts: DemonstrationParts

  constructor(parts: DemonstrationParts) {
    this.#parts = parts
  }

  /** Those labelled in the project, as far as their labels are asked for now. */
  readonly #own: readonly Demonstration[] = $derived.by(() => {
    const { own, labels } = this.#parts
    return own.demonstrations.filter(({ labelId }) => findLabel(labels(), labelId) !== undefined)
  })
  /** The sources that there are for the labels asked for: built-in ones are about three labels only. */
  readonly offered: readonly DemonstrationSource[] = $derived.by(() => {
    const { builtIn, labels } = this.#parts
    const fits = labels().length === 0 || coverLabels(builtIn, labels())
    return [...(fits ? (['built-in'] as const) : []), ...(this.#own.length > 0 ? (['own'] as const) : [])]
  })
  /** The source in use; undefined where there is none. */
  readonly source: DemonstrationSource | undefined = $derived.by(
    () =>
      this.offered.find((source) => source === this.#parts.project.head.demonstrations) ?? this.offered[0],
  )
  readonly pool: readonly Demonstration[] = $derived.by(() => this.of(this.source))

  of(source: DemonstrationSource | undefined): readonly Demonstration[] {
    if (source === undefined) return []
    return source === 'own' ? this.#own : this.#parts.builtIn
  }

  choose(source: DemonstrationSource): void {
    void this.#parts.project.change({ demonstrations: source })
  }
}
