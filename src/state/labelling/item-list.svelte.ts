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
  async read(): Promise<boolean> {
    const { records, isRefused } = await this.#around.workspace.readBelow(ITEMS_BELOW, itemsPageSchema)
    if (!isRefused) this.#items = [...records.values()].flatMap(({ items }) => items)
    return !isRefused
  }

  /** Adds lines behind those that are there, each text once. */
  async addLines(lines: readonly Line[]): Promise<AddedItems> {
    const { items, duplicates } = itemsOf(lines, this.#items, this.#around.newId)
    const isAdded = await this.add(items)
    return isAdded ? { kind: 'added', items: items.length, duplicates } : { kind: 'refused' }
  }

  /** Adds items with ids of their own, all or none. */
  async add(items: readonly Item[]): Promise<boolean> {
    if (items.length === 0) return true
    const { workspace, clock, newId, channel } = this.#around
    const entries = Object.fromEntries(itemEntries(eventId(clock(), newId()), items))
    if ((await workspace.addStrict(entries)) !== 'stored') return false
    this.#items = [...this.#items, ...items]
    channel.send({ kind: 'items' })
    return true
  }
}
