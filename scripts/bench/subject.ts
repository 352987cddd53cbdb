import type { Browser } from '@playwright/test'
import type { NumberFormat } from '../../src/engine/contract'
import { fp32Suffix, type Site } from './site'

/** A model in a number format: what one table of ratios is about. */
export interface Subject {
  /** As the table names it. */
  readonly name: string
  /** Folder below `models/` and `peer/`. */
  readonly model: string
  readonly numberFormat: NumberFormat
  readonly hasPeer: boolean
}

/** What every measurement gets. */
export interface Bench {
  readonly browser: Browser
  readonly address: string
  readonly texts: readonly string[]
  readonly repeats: number
  readonly threads: number
  readonly say: (sentence: string) => void
}

/** int8 of every model; fp32 where both sides have it, which shows that they compute the same. */
export function subjectsOf(models: readonly string[], { peers, originals }: Site): readonly Subject[] {
  return models.flatMap((model): Subject[] => {
    const peer = peers.get(model)
    const name = model.replace('smallcap-t5-', '')
    const int8: Subject = { name: `${name} int8`, model, numberFormat: 'int8', hasPeer: peer?.int8 === true }
    const fp32: Subject = {
      name: `${name} fp32`,
      model: `${model}${fp32Suffix}`,
      numberFormat: 'fp32',
      hasPeer: true,
    }
    return peer?.fp32 === true && originals.has(model) ? [int8, fp32] : [int8]
  })
}
