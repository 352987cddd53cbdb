import type { Line } from '../../domain/lines'
import type { RunPlan } from '../go'
import type { SetupRecord } from '../../storage/compare-record'
import type { Asking } from './asking.svelte'
import type { Setup } from './setup.svelte'

export interface QueueSurroundings {
  readonly asking: Asking
  readonly lines: () => readonly Line[]
  /** Is told as the first answers come in what the set-up was asked for them: answers before them were to something else. */
  readonly onAnswering: (setup: Setup, asked: SetupRecord, runId: string, plan: RunPlan) => void
}

/** Set-ups that are asked about all texts, one after another: beside each other they would only take each other's time. */
export class Queue {
  readonly #around: QueueSurroundings
  #waiting = $state.raw<readonly Setup[]>([])
  #running = $state.raw<Setup>()
  #draining = $state.raw<Promise<void>>()
  readonly #listeners: ((setup: Setup) => void)[] = []

  constructor(around: QueueSurroundings) {
    this.#around = around
  }

  get running() {
    return this.#running
  }
  get isRunning() {
    return this.#draining !== undefined
  }
  /** Calls `listener` whenever a set-up's turn has ended, done or not. */
  onEnded(listener: (setup: Setup) => void): void {
    this.#listeners.push(listener)
  }
  waits(setup: Setup): boolean {
    return this.#waiting.includes(setup)
  }

  /** Asks set-ups for what they have not answered, behind those that wait already; resolves when nothing is left to do. */
  run(setups: readonly Setup[]): Promise<void> {
    if (this.#around.lines().length > 0) {
      const isNew = (setup: Setup) => setup.left > 0 && setup !== this.#running && !this.waits(setup)
      this.#waiting = [...this.#waiting, ...setups.filter(isNew)]
    }
    if (this.#waiting.length > 0) this.#draining ??= this.#drain()
    return this.#draining ?? Promise.resolve()
  }

  stop(setup: Setup): void {
    this.#waiting = this.#waiting.filter((each) => each !== setup)
    if (setup === this.#running) setup.run.stop()
  }
  stopAll(): void {
    this.#waiting = []
    this.#running?.run.stop()
  }

  /** Holds what is under way; resolves once nothing is. */
  async leave(): Promise<void> {
    this.#waiting = []
    await this.#running?.run.leave()
    await this.#draining
  }

  async #drain(): Promise<void> {
    do {
      for (let [setup] = this.#waiting; setup; [setup] = this.#waiting) {
        this.#waiting = this.#waiting.slice(1)
        this.#running = setup
        await this.#ask(setup)
        this.#running = undefined
        for (const listener of this.#listeners) listener(setup)
      }
      await this.#around.asking.restoreFormats()
    } while (this.#waiting.length > 0)
    this.#draining = undefined
  }

  async #ask(setup: Setup): Promise<void> {
    const { asking, lines, onAnswering } = this.#around
    if (setup.answers && setup.run.left > 0) {
      await setup.run.proceed(() => asking.load(setup.record))
      return
    }
    // As it is now: it may be changed before the last answers to it have come.
    const { record } = setup
    await setup.run.start(
      lines(),
      () => asking.plan(record),
      (runId, plan) => onAnswering(setup, record, runId, plan),
    )
  }
}
