/** Something that is ready and waits for a click. */
export interface Offer {
  readonly sentence: string
  /** What the button says. */
  readonly label: string
  readonly accept: () => void
}

/** Quiet sentences about what the page could not do without being asked, e.g. store something, and about what it offers. */
export class Notes {
  #sentences = $state.raw<readonly string[]>([])
  #offer = $state.raw<Offer>()

  get sentences() {
    return this.#sentences
  }

  add(sentence: string): void {
    if (!this.#sentences.includes(sentence)) this.#sentences = [...this.#sentences, sentence]
  }
  dismiss(sentence: string): void {
    this.#sentences = this.#sentences.filter((kept) => kept !== sentence)
  }

  get offered() {
    return this.#offer
  }
  /** Takes the place of what was offered before. */
  offer(offer: Offer): void {
    this.#offer = offer
  }
  decline(): void {
    this.#offer = undefined
  }
}
