import { areSameTasks } from '../../domain/project-task'
import type { Comparison } from './comparison.svelte'
import { linkedSetups, missingSetups, type LinkedSetups } from './setup-link'

/** A link to set-ups that was opened, as long as somebody has to say where they go. */
export class OpenedLink {
  readonly #comparison: Comparison
  #offer = $state.raw<Required<LinkedSetups>>()
  #trouble = $state.raw<string>()

  constructor(comparison: Comparison) {
    this.#comparison = comparison
  }

  /** Set-ups that were asked another task than this project's: they wait for {@link keep} or {@link takeAway}. */
  get offer() {
    return this.#offer
  }
  /** Why the last link was not taken. */
  get trouble() {
    return this.#trouble
  }

  /** Takes the set-ups that the address names, or offers them where their task is another. Answers whether it names any. */
  async open(hash: string): Promise<boolean> {
    const linked = linkedSetups(hash)
    if (!linked) return false
    this.#offer = undefined
    this.#trouble = linked.ok ? undefined : linked.error
    if (!linked.ok) return true
    const { setups, task } = linked.value
    if (task === undefined || areSameTasks(task ?? undefined, this.#comparison.around.task()))
      await this.#add(linked.value)
    else this.#offer = { setups, task }
    return true
  }

  /** Adds them here, to be asked this project's task. */
  async keep(): Promise<void> {
    const offer = this.takeAway()
    if (offer) await this.#add(offer)
  }

  /** They go elsewhere. */
  takeAway(): Required<LinkedSetups> | undefined {
    const offer = this.#offer
    this.#offer = undefined
    return offer
  }

  async #add({ setups }: LinkedSetups): Promise<void> {
    const present = this.#comparison.setups.map(({ record }) => record)
    await this.#comparison.add(missingSetups(setups, present))
  }
}
