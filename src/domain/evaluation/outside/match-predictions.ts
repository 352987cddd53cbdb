/** Finds which lines of a data set the answers of another system belong to. */
import { foldName } from '../../columns'
import { restoreCell } from '../../export-csv'
import type { Line } from '../../lines'
import { textKey } from '../../text-key'
import type { OutsidePrediction } from './read-predictions'

export interface DoublePrediction {
  /** Place among the lines. */
  readonly index: number
  /** Lines of the file: the answer that is kept, and the one that is not. */
  readonly kept: number
  readonly dropped: number
  /** Whether both say the same. */
  readonly isSame: boolean
}

export interface MatchedPredictions {
  /** For each line of the data set, in its order. */
  readonly byLine: readonly (OutsidePrediction | undefined)[]
  readonly matchedById: number
  readonly matchedByText: number
  /** Lines of the file whose text or id is in no line of the data set. */
  readonly unmatched: readonly number[]
  /** Lines of the data set that got no answer. */
  readonly unanswered: number
  readonly doubles: readonly DoublePrediction[]
}

const keyOf = (text: string, pair = ''): string => `${textKey(text)}\u0000${textKey(pair)}`

/** Places of lines by what the file's ids mean: the line's number, or the data set's own column of that name. */
function placesById(lines: readonly Line[], idColumn: string | undefined): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  if (idColumn === undefined) return places
  const wanted = foldName(idColumn)
  const idOf = ({ line, other = {} }: Line): string | undefined => {
    const column = Object.keys(other).find((name) => foldName(name) === wanted)
    if (column !== undefined) return other[column]?.trim()
    return wanted === 'line' ? String(line) : undefined
  }
  const repeated = new Set<string>()
  lines.forEach((line, index) => {
    const id = idOf(line)
    if (id === undefined || id === '') return
    if (places.has(id)) repeated.add(id)
    else places.set(id, index)
  })
  // An id of several lines tells none of them.
  for (const id of repeated) places.delete(id)
  return places
}

/** Keys under which a prediction's text may be known: as it is, or as it was before a spreadsheet's sake. */
const keysOf = ({ text, pair }: OutsidePrediction): readonly string[] =>
  text === '' ? [] : [keyOf(text, pair), keyOf(restoreCell(text), restoreCell(pair)), keyOf(text)]

/** Places of lines by their texts, with their pairs and without. */
function placesByText(lines: readonly Line[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>()
  lines.forEach(({ text, pair }, index) => {
    for (const key of new Set([keyOf(text, pair), keyOf(text)])) {
      const places = found.get(key)
      if (places) places.push(index)
      else found.set(key, [index])
    }
  })
  return found
}

/** Who answered which line; a second answer to a line is kept apart. */
class Answers {
  readonly byLine: (OutsidePrediction | undefined)[]
  readonly doubles: DoublePrediction[] = []

  constructor(lines: number) {
    this.byLine = Array.from({ length: lines }, () => undefined)
  }

  give(index: number, prediction: OutsidePrediction): void {
    const kept = this.byLine[index]
    if (!kept) {
      this.byLine[index] = prediction
      return
    }
    const isSame = kept.labelId === prediction.labelId
    this.doubles.push({ index, kept: kept.fileLine, dropped: prediction.fileLine, isSame })
  }

  /** Answers to lines with the same text: one is for all of them, several go to one each. */
  share(places: readonly number[], predictions: readonly OutsidePrediction[]): void {
    const open = places.filter((index) => !this.byLine[index])
    const [first] = predictions
    if (predictions.length === 1 && first && open.length > 0)
      for (const index of open) this.give(index, first)
    else
      predictions.forEach((prediction, count) => {
        this.give(open[count] ?? places.at(-1) ?? 0, prediction)
      })
  }
}

/**
 * Matches by id, where the text is not another one, else by text and pair but for letter case and spacing. Of lines with the
 * same text each gets its own answer in order; a single answer is for all of them.
 */
export function matchPredictions(
  lines: readonly Line[],
  predictions: readonly OutsidePrediction[],
  idColumn: string | undefined,
): MatchedPredictions {
  const byId = placesById(lines, idColumn)
  const byText = placesByText(lines)
  const answers = new Answers(lines.length)
  const unmatched: number[] = []
  const shared = new Map<readonly number[], OutsidePrediction[]>()
  const counts = { matchedById: 0, matchedByText: 0 }
  for (const prediction of predictions) {
    const keys = keysOf(prediction)
    const index = byId.get(prediction.id)
    const line = index === undefined ? undefined : lines[index]
    const known = line && [keyOf(line.text, line.pair), keyOf(line.text)]
    if (index !== undefined && known && (keys.length === 0 || keys.some((key) => known.includes(key)))) {
      counts.matchedById += 1
      answers.give(index, prediction)
      continue
    }
    const places = keys.map((key) => byText.get(key)).find((found) => found !== undefined)
    if (!places) {
      unmatched.push(prediction.fileLine)
      continue
    }
    counts.matchedByText += 1
    const before = shared.get(places)
    if (before) before.push(prediction)
    else shared.set(places, [prediction])
  }
  for (const [places, found] of shared) answers.share(places, found)
  const { byLine, doubles } = answers
  const unanswered = byLine.filter((prediction) => prediction === undefined).length
  return { byLine, ...counts, unmatched, unanswered, doubles }
}
