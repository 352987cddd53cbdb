import { fileOrder, orderByWorth, randomOrder } from '../../domain/labelling/queue'
import type { ItemOrder } from '../../storage/label-record'

/** What is known of items that an order can go by; each answers for the item at a place, undefined where it does not know. */
export interface OrderSources {
  /** How near the model's second label is to its first, from 0 to 1. */
  readonly doubt: (place: number) => number | undefined
  /** The entropy of the model's probabilities. */
  readonly entropy: (place: number) => number | undefined
  /** How far runs are from agreeing. */
  readonly dispute: (place: number) => number | undefined
  /** How unlike the labelled texts it is. */
  readonly difference: (place: number) => number | undefined
  /** How much a label would teach the quick head. */
  readonly worth: (place: number) => number | undefined
}

/** The places of all items in the order of the queue. */
export function orderOf(
  order: ItemOrder,
  count: number,
  seed: number,
  { doubt, entropy, dispute, difference, worth }: OrderSources,
): readonly number[] {
  switch (order) {
    case 'file':
      return fileOrder(count)
    case 'random':
      return randomOrder(count, seed)
    case 'least certain':
      return orderByWorth(count, doubt)
    case 'highest entropy':
      return orderByWorth(count, entropy)
    case 'most disputed':
      return orderByWorth(count, dispute)
    case 'most different':
      return orderByWorth(count, difference)
    case 'most telling':
      return orderByWorth(count, worth)
  }
}

/** An order that changes with what is known, so that the first of it is always the one to look at. */
export const isByWorth = (order: ItemOrder): boolean => order !== 'file' && order !== 'random'
