/** Texts that are the same but for links and punctuation: twice in a data set, or in what a model has seen before. */

const LINK = /(?:https?:\/\/|www\.|\bt\.co\/)\S*/giu
const NO_WORD = /[^\p{L}\p{N}]+/gu

/**
 * What is left of a text, and of its pair, without links, punctuation, symbols, space and letter case. A text of nothing else is
 * its own key, so that no two of those are taken for the same.
 */
export function overlapKey(text: string, pair = ''): string {
  const [own, other] = [text, pair].map((each) =>
    each.replace(LINK, ' ').replace(NO_WORD, '').toUpperCase().toLowerCase(),
  )
  return own === '' && other === '' ? `${text}\u0000${pair}` : `${own ?? ''}\u0000${other ?? ''}`
}

interface Texts {
  readonly text: string
  readonly pair?: string
}

const keyOf = ({ text, pair }: Texts): string => overlapKey(text, pair)

/** Groups of rows with the same text, by their places; the first of each group is the original. */
export function findDuplicates(rows: readonly Texts[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>()
  rows.forEach((row, place) => {
    const group = groups.get(keyOf(row))
    if (group) group.push(place)
    else groups.set(keyOf(row), [place])
  })
  return [...groups.values()].filter(({ length }) => length > 1)
}

export interface Overlap {
  /** Place among the rows. */
  readonly row: number
  /** Place of the first of the others that has the same text. */
  readonly other: number
}

/** Rows whose text is among others: demonstrations, or texts that a model was trained with. */
export function findOverlap(rows: readonly Texts[], others: readonly Texts[]): readonly Overlap[] {
  const places = new Map<string, number>()
  others.forEach((row, place) => {
    if (!places.has(keyOf(row))) places.set(keyOf(row), place)
  })
  return rows.flatMap((each, row) => {
    const other = places.get(keyOf(each))
    return other === undefined ? [] : [{ row, other }]
  })
}
