/** One generated file: reading it must throw a ModelFormatError whose message holds each of `names`. */
export interface MalformedCase {
  readonly title: string
  readonly read: () => unknown
  /** The file, and where there is one the tensor or field. */
  readonly names: readonly string[]
}
