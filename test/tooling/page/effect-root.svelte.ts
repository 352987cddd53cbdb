/** Runs a function as a component would, so that effects may be created in it, and ends them afterwards. */
export function inEffectRoot(body: () => void): void {
  $effect.root(body)()
}
