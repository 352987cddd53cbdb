import type { T5Config } from './t5-config'

/** The table's rows at the ids, one after another: [ids.length, dModel]. */
export function gatherRows(
  ids: ArrayLike<number>,
  { vocabSize, dModel }: Pick<T5Config, 'vocabSize' | 'dModel'>,
  row: (id: number) => ArrayLike<number>,
): Float32Array {
  const rows = new Float32Array(ids.length * dModel)
  for (let index = 0; index < ids.length; index += 1) {
    const id = ids[index] ?? -1
    if (!Number.isInteger(id) || id < 0 || id >= vocabSize)
      throw new RangeError(`token id ${id} is outside the vocabulary of ${vocabSize}`)
    rows.set(row(id), index * dModel)
  }
  return rows
}
