/** Items that are chosen to be changed together, by their places. */
export class ItemSelection {
  #places = $state.raw<ReadonlySet<number>>(new Set())
  /** Where a range begins. */
  #anchor = -1

  get size() {
    return this.#places.size
  }
  /** In the order of the project. */
  get places(): readonly number[] {
    return [...this.#places].sort((a, b) => a - b)
  }
  has(place: number): boolean {
    return this.#places.has(place)
  }

  toggle(place: number): void {
    const places = new Set(this.#places)
    if (!places.delete(place)) places.add(place)
    this.#places = places
    this.#anchor = place
  }
  /** Adds all between the last one that was toggled and this one, in the order of the list. */
  extendTo(place: number, list: readonly number[]): void {
    const [from, to] = [list.indexOf(this.#anchor), list.indexOf(place)]
    if (from < 0 || to < 0) return this.toggle(place)
    const range = list.slice(Math.min(from, to), Math.max(from, to) + 1)
    this.#places = new Set([...this.#places, ...range])
  }
  choose(places: readonly number[]): void {
    this.#places = new Set(places)
  }
  clear(): void {
    this.#places = new Set()
  }
}
