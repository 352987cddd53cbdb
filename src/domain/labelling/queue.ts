/** Which items come next: an order over all of them, and which of them are still to be labelled. */
import { orderBy } from '../active/order-by'
import { createRandom, shuffle } from '../random'
import type { Annotation } from './annotation'

/** Parts of a project that can be looked at by themselves. */
export const ITEM_FILTERS = ['all', 'to do', 'labelled', 'skipped', 'flagged'] as const
export type ItemFilter = (typeof ITEM_FILTERS)[number]

/** An item is to do until it has a label or was skipped. */
export const isToDo = (annotation: Annotation | undefined): boolean =>
  annotation?.labelId === undefined && annotation?.isSkipped !== true

export function isOf(filter: ItemFilter, annotation: Annotation | undefined): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'to do':
      return isToDo(annotation)
    case 'labelled':
      return annotation?.labelId !== undefined
    case 'skipped':
      return annotation?.isSkipped === true
    case 'flagged':
      return annotation?.isFlagged === true
  }
}

/** The numbers from 0 to `count` - 1. */
export const fileOrder = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, place) => place)

/** The same numbers in an order that depends on the seed alone. */
export const randomOrder = (count: number, seed: number): readonly number[] =>
  shuffle([...fileOrder(count)], createRandom(seed))

/** The numbers by falling worth, e.g. uncertainty; equal ones in their order, those of unknown worth last. */
export const orderByWorth = (
  count: number,
  worthOf: (place: number) => number | undefined,
): readonly number[] => orderBy(fileOrder(count), worthOf)

/**
 * The next place in `order` behind that of `from` whose item is wanted, beginning again at the front; undefined when there
 * is none besides `from`. @param from an item; -1 begins at the front
 */
export function nextWanted(
  order: readonly number[],
  from: number,
  isWanted: (item: number) => boolean,
): number | undefined {
  const start = order.indexOf(from)
  for (let step = 1; step <= order.length; step += 1) {
    const item = order[(start + step) % order.length]
    if (item !== undefined && item !== from && isWanted(item)) return item
  }
  return undefined
}
