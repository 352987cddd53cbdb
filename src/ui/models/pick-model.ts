import type { Smallcap } from '../../state/smallcap.svelte'
import type { Put } from '../../storage/adapters-record'

/** Picks a model and goes where it is used. */
export function pickModel(smallcap: Smallcap, model: string): void {
  smallcap.pickModel(model)
  location.hash = 'classify'
}

/** Picks an adapter with the model that it is put on, and goes where they are used. */
export function useAdapter(smallcap: Smallcap, put: Put): void {
  smallcap.pickAdapter(put)
  location.hash = 'classify'
}
