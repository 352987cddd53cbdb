/**
 * What is stored of a project's labelling. Items and events are only ever added, under keys that nobody else can have
 * taken, so that two tabs cannot overwrite each other.
 *
 * | key                        | value                                                              |
 * | -------------------------- | ------------------------------------------------------------------ |
 * | `label/items/<id>/<page>`  | a page of items that were added together                           |
 * | `label/event/<id>`         | one event of the journal; ids lie in the order of time             |
 * | `label/setup`              | how the queue is set up, and where it stands                       |
 */
import * as v from 'valibot'
import { LABEL_SOURCES, type Item, type Suggestion } from '../domain/labelling/annotation'
import type { LabelChange, LabelEvent } from '../domain/labelling/label-event'
import { lineSchema } from './line-record'

export const ITEMS_BELOW = 'label/items/'
export const EVENTS_BELOW = 'label/event/'
export const LABEL_SETUP_KEY = 'label/setup'

/** Items of a page: a page is small enough to be read and written in a turn. */
const PAGE_ITEMS = 1000
/** The number has a fixed width, so that pages lie in order. */
const PAGE_DIGITS = 5

const text = v.pipe(v.string(), v.minLength(1))
const time = v.pipe(v.number(), v.minValue(0))

/** A plain object whose every value fits; `v.record` would leave out names such as `__proto__`. */
const isRecordOf =
  <T>(schema: v.GenericSchema<unknown, T>) =>
  (value: unknown): value is Readonly<Record<string, T>> =>
    typeof value === 'object' && value !== null && Object.values(value).every((each) => v.is(schema, each))

const suggestionSchema = v.object({
  probabilities: v.custom<Readonly<Record<string, number>>>(isRecordOf(v.number())),
  model: v.string(),
  weights: v.string(),
  weightsSha256: v.string(),
}) satisfies v.GenericSchema<unknown, Suggestion>

const changeSchema = v.variant('kind', [
  v.object({
    kind: v.literal('label'),
    labelId: text,
    source: v.picklist(LABEL_SOURCES),
    suggestions: v.exactOptional(
      v.custom<Readonly<Record<string, Suggestion>>>(isRecordOf(suggestionSchema)),
    ),
  }),
  v.object({ kind: v.literal('clear') }),
  v.object({ kind: v.literal('skip') }),
  v.object({ kind: v.literal('flag'), isFlagged: v.boolean() }),
  v.object({ kind: v.literal('note'), note: v.string() }),
]) satisfies v.GenericSchema<unknown, LabelChange>

const origin = { version: v.literal(1), id: text, at: time, annotator: text }

export const eventSchema = v.variant('kind', [
  v.object({
    ...origin,
    kind: v.literal('change'),
    itemIds: v.pipe(v.array(v.string()), v.minLength(1)),
    change: changeSchema,
  }),
  v.object({ ...origin, kind: v.literal('undo'), of: text }),
  v.object({ ...origin, kind: v.literal('redo'), of: text }),
]) satisfies v.GenericSchema<unknown, LabelEvent>

const itemSchema = v.object({ ...lineSchema.entries, id: text }) satisfies v.GenericSchema<unknown, Item>

export const itemsPageSchema = v.object({ version: v.literal(1), items: v.array(itemSchema) })

export const ITEM_ORDERS = [
  'file',
  'random',
  'least certain',
  'highest entropy',
  'most disputed',
  'most different',
  'most telling',
] as const
export type ItemOrder = (typeof ITEM_ORDERS)[number]

export const labelSetupSchema = v.object({
  version: v.literal(1),
  annotator: text,
  order: v.picklist(ITEM_ORDERS),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1)),
  /** Suggestions are not shown. */
  isBlind: v.boolean(),
  /** Id of the item that was looked at last. */
  currentId: v.nullable(v.string()),
  /** A sample of the items that a machine labelled, which are looked at again now; and the last one that was. */
  verifying: v.nullable(v.array(v.string())),
  verified: v.array(v.string()),
  /** Whether a quick head learns from the labels as they come. */
  isLearning: v.boolean(),
})
export type LabelSetupRecord = v.InferOutput<typeof labelSetupSchema>

export const DEFAULT_LABEL_SETUP: LabelSetupRecord = {
  version: 1,
  annotator: 'me',
  order: 'file',
  seed: 1,
  isBlind: true,
  currentId: null,
  verifying: null,
  verified: [],
  isLearning: false,
}

/** The entries of events, each under its own key. */
export const eventEntries = (events: readonly LabelEvent[]): ReadonlyMap<string, unknown> =>
  new Map(events.map((event) => [`${EVENTS_BELOW}${event.id}`, { version: 1, ...event }]))

/** The entries of items that are added together. @param id unique, and later in order than those added before */
export function itemEntries(id: string, items: readonly Item[]): ReadonlyMap<string, unknown> {
  const entries = new Map<string, unknown>()
  for (let page = 0; page * PAGE_ITEMS < items.length; page += 1) {
    const record = { version: 1, items: items.slice(page * PAGE_ITEMS, (page + 1) * PAGE_ITEMS) } as const
    entries.set(`${ITEMS_BELOW}${id}/${String(page).padStart(PAGE_DIGITS, '0')}`, record)
  }
  return entries
}
