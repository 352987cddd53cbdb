import type { Smallcap } from '../../state/smallcap.svelte'

/** Picks a model and goes where it is used. */
export function pickModel(smallcap: Smallcap, model: string): void {
  smallcap.pickModel(model)
  location.hash = 'classify'
}
