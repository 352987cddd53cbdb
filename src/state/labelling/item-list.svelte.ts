import * as v from 'valibot'
import { itemsOf } from '../../domain/labelling/add-lines'
import type { Item } from '../../domain/labelling/annotation'
import { eventId } from '../../domain/labelling/label-event'
import type { Line } from '../../domain/lines'
import { itemEntries, ITEMS_BELOW, itemsPageSchema } from '../../storage/label-record'
import type { JournalSurroundings } from './label-journal.svelte'

const messageSchema = v.object({ kind: v.literal('items') })

/** What came of adding texts. */
export type AddedItems =
  | { readonly kind: 'added'; readonly items: number; readonly duplicates: number }
  | { readonly kind: 'refused' }

/** The texts of a project, in the order in which they were added; none is ever changed. */
export class ItemList {
  readonly #around: JournalSurroundings
  #items = $state.raw<readonly Item[]>([])
  /** When items were added last. */
  #lastAt = 0
  #work: Promise<unknown> = Promise.resolve()
  readonly #places = $derived.by(() => new Map(this.#items.map(({ id }, place) => [id, place])))

  constructor(around: JournalSurroundings) {
    this.#around = around
    around.channel.listen((message) => {
      if (v.is(messageSchema, message)) void this.read()
    })
  }

  get all() {
    return this.#items
  }

  /** Place of the item of this id, or undefined. */
  placeOf(id: string): number | undefined {
    return this.#places.get(id)
  }

  /** Reads what is stored. Answers false when the browser would not read. */
  read(): Promise<boolean> {
    return this.#inTurn(async () => {
      const { records, isRefused } = await this.#around.workspace.readBelow(ITEMS_BELOW, itemsPageSchema)
      if (isRefused) return false
      this.#lastAt = Math.max(0, ...[...records.keys()].map((key) => Number.parseInt(key, 10) || 0))
      this.#items = [...records.values()].flatMap(({ items }) => items)
      return true
    })
  }

  /** Adds lines behind those that are there, each text once. */
  addLines(lines: readonly Line[]): Promise<AddedItems> {
    return this.#inTurn(async () => {
      const { items, duplicates } = itemsOf(lines, this.#items, this.#around.newId)
      const isAdded = await this.#add(items)
      return isAdded ? { kind: 'added', items: items.length, duplicates } : { kind: 'refused' }
    })
  }

  /** Adds items with ids of their own, all or none. */
  add(items: readonly Item[]): Promise<boolean> {
    return this.#inTurn(() => this.#add(items))
  }

  async #add(items: readonly Item[]): Promise<boolean> {
    if (items.length === 0) return true
    const { workspace, clock, newId, channel } = this.#around
    // Behind those that are there, also where the clock was set back.
    this.#lastAt = Math.max(clock(), this.#lastAt + 1)
    const entries = Object.fromEntries(itemEntries(eventId(this.#lastAt, newId()), items))
    if ((await workspace.addStrict(entries)) !== 'stored') return false
    this.#items = [...this.#items, ...items]
    channel.send({ kind: 'items' })
    return true
  }

  /** One reads or adds after another, so that none takes back what another did. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work)
    this.#work = done.catch(() => undefined)
    return done
  }
}
