import type { Demonstration } from '../domain/task'
import type { OwnLabels } from './demonstration-pool.svelte'
import type { Labelling } from './labelling/labelling.svelte'

/** A project's labelling, which is fetched and read when it is first asked for: it is no part of the first prediction. */
export class LabelDesk implements OwnLabels {
  readonly #load: () => Promise<Labelling>
  #opening: Promise<Labelling> | undefined
  #opened = $state.raw<Labelling>()

  constructor(load: () => Promise<Labelling>) {
    this.#load = load
  }

  /** Resolves once all that is stored of it was read. */
  open(): Promise<Labelling> {
    this.#opening ??= this.#open().catch((reason: unknown) => {
      this.#opening = undefined
      throw reason
    })
    return this.#opening
  }

  async #open(): Promise<Labelling> {
    const labelling = await this.#load()
    await labelling.open()
    this.#opened = labelling
    return labelling
  }

  readonly demonstrations: readonly Demonstration[] = $derived.by(() =>
    (this.#opened?.files.labelledItems ?? []).map(({ text, goldId }) => ({ text, labelId: goldId })),
  )
  readonly counts: ReadonlyMap<string, number> = $derived.by(() => {
    const counts = new Map<string, number>()
    for (const { labelId } of this.#opened?.log.journal.annotations() ?? [])
      if (labelId !== undefined) counts.set(labelId, (counts.get(labelId) ?? 0) + 1)
    return counts
  })

  /** Stops what is under way: another project is about to be opened. */
  async leave(): Promise<void> {
    await this.#opened?.leave()
  }
}
