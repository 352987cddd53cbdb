/** Quiet sentences about what the page could not do without being asked, e.g. store something. */
export class Notes {
  #sentences = $state.raw<readonly string[]>([])

  get sentences() {
    return this.#sentences
  }

  add(sentence: string): void {
    if (!this.#sentences.includes(sentence)) this.#sentences = [...this.#sentences, sentence]
  }
  dismiss(sentence: string): void {
    this.#sentences = this.#sentences.filter((kept) => kept !== sentence)
  }
}
