/** The views of the page, by the names that stand in its address. */
export const VIEWS = ['classify', 'compare', 'label', 'models'] as const
export type ViewName = (typeof VIEWS)[number]

/** Which view the address names; the first where it names none. */
export class PlaceInPage {
  #view = $state.raw<ViewName>('classify')

  /** @param hash of the page's address, with `#` */
  constructor(hash: string) {
    this.follow(hash)
  }

  get view() {
    return this.#view
  }

  follow(hash: string): void {
    this.#view = VIEWS.find((view) => view === hash.slice(1).split('?', 1)[0]) ?? 'classify'
  }
}
