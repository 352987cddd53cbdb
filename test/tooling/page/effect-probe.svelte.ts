/** Notes every value that an effect has seen. */
export class EffectProbe {
  value = $state(0)
  seen: number[] = []

  constructor() {
    $effect(() => {
      this.seen.push(this.value)
    })
  }
}
