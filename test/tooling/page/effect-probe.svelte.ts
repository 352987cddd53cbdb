/** Counts how often an effect that reads a state has run. */
export class EffectProbe {
  value = $state(0)
  runs = 0

  constructor() {
    $effect(() => {
      void this.value
      this.runs++
    })
  }
}
