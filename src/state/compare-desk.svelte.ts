import type { Compared } from './compare/compose-comparison'

/** A project's comparison, which is fetched and read when it is first asked for: it is no part of the first prediction. */
export class CompareDesk {
  readonly #load: () => Promise<Compared>
  #opening: Promise<Compared> | undefined
  #opened = $state.raw<Compared>()

  constructor(load: () => Promise<Compared>) {
    this.#load = load
  }

  /** Resolves once all that is stored of it was read. */
  open(): Promise<Compared> {
    this.#opening ??= this.#open().catch((reason: unknown) => {
      this.#opening = undefined
      throw reason
    })
    return this.#opening
  }

  /** Texts are being classified. */
  get isRunning(): boolean {
    return this.#opened?.comparison.queue.isRunning ?? false
  }

  /** Holds what is under way: another project is about to be opened. */
  async leave(): Promise<void> {
    this.#opened?.memory.stop()
    await this.#opened?.comparison.leave()
  }

  async #open(): Promise<Compared> {
    const compared = await this.#load()
    this.#opened = compared
    return compared
  }
}
