import * as v from 'valibot'
import {
  COMPARE_KEY,
  comparisonSchema,
  NO_COMPARISON,
  type ComparisonRecord,
} from '../../storage/compare-record'
import type { Workspace } from '../../storage/workspace'
import type { TabChannel } from '../labelling/label-journal.svelte'
import { mergedComparison } from './merged'

/** Whose comparison is kept. */
export interface Kept {
  readonly record: () => ComparisonRecord
  /** Takes what is stored now in the place of `base`, from which it came as the tab's own record did. */
  readonly adopt: (stored: ComparisonRecord, base: ComparisonRecord) => Promise<void>
  /** The answers of this set-up came to an end in another tab. */
  readonly onAnswered: (id: string) => Promise<void>
}

const messageSchema = v.variant('kind', [
  v.object({ kind: v.literal('changed') }),
  v.object({ kind: v.literal('answered'), id: v.string() }),
])
type Message = v.InferOutput<typeof messageSchema>

/** Stores a comparison that several tabs may change: each takes in what the others stored before it stores its own. */
export class ComparisonMemory {
  readonly #workspace: Workspace
  readonly #channel: TabChannel
  /** As it was stored when this tab last looked. */
  #known: ComparisonRecord
  #kept: Kept | undefined
  /** One thing at a time: what is merged must have been taken in before. */
  #last: Promise<void> = Promise.resolve()
  #waits = false

  constructor(workspace: Workspace, channel: TabChannel, known: ComparisonRecord = NO_COMPARISON) {
    this.#workspace = workspace
    this.#channel = channel
    this.#known = known
  }

  get known() {
    return this.#known
  }

  /** Begins to take in what other tabs do. */
  follow(kept: Kept): void {
    this.#kept = kept
    this.#channel.listen((message) => {
      const told = v.safeParse(messageSchema, message)
      if (!told.success) return
      const { output } = told
      void this.#next(() => (output.kind === 'changed' ? this.#read(kept) : kept.onAnswered(output.id)))
    })
  }

  /** Stores what is kept as it is when its turn comes. */
  keep(): void {
    if (this.#waits) return
    this.#waits = true
    void this.#next(() => this.#store())
  }

  /** Tells other tabs that a set-up has stored the answers that it got. */
  tellAnswered(id: string): void {
    this.#tell({ kind: 'answered', id })
  }

  /** Resolves once all is stored, and nothing of other tabs is heard any more. */
  async close(): Promise<void> {
    await this.#last
    this.#channel.close()
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  async #store(): Promise<void> {
    this.#waits = false
    if (!this.#kept) return
    const own = this.#kept.record()
    const stored = await this.#workspace.change(COMPARE_KEY, comparisonSchema, (other) =>
      other ? mergedComparison(this.#known, other, own) : own,
    )
    // Where the browser refuses, this visit goes on with its own.
    if (!stored) return
    this.#known = stored
    this.#tell({ kind: 'changed' })
    await this.#kept.adopt(stored, own)
  }

  async #read(kept: Kept): Promise<void> {
    const { value } = await this.#workspace.read(COMPARE_KEY, comparisonSchema)
    if (!value) return
    const base = this.#known
    this.#known = value
    await kept.adopt(value, base)
  }

  #tell(message: Message): void {
    this.#channel.send(message)
  }
}
