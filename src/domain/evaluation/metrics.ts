/** How well predictions agree with gold labels; conventions of scikit-learn's `precision_recall_fscore_support` with `zero_division=0`. */
import { wilsonInterval, type Interval } from '../statistics/interval'

export interface ClassMetrics {
  readonly labelId: string
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Texts whose gold label it is. */
  readonly support: number
}

export interface Metrics {
  readonly n: number
  readonly accuracy: number
  /** Wilson interval of the accuracy at 95 %. */
  readonly accuracyInterval: Interval
  /** Mean F1 of the classes that occur as gold or as prediction. */
  readonly macroF1: number
  /** Mean F1 of the classes, each weighted by its gold texts. */
  readonly weightedF1: number
  /** Matthews' correlation coefficient, from -1 to 1; 0 where only one label was given or answered. */
  readonly mcc: number
  readonly perClass: readonly ClassMetrics[]
  /** Rows are gold labels, columns predictions, both in label order. */
  readonly confusion: readonly (readonly number[])[]
  /** What always answering the most frequent gold label would reach. */
  readonly majority: { readonly labelId: string; readonly accuracy: number }
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Counts of [gold][predicted] in label order. Throws a RangeError for unequal lengths or a label that is not listed. */
export function confusionMatrix(
  labelIds: readonly string[],
  gold: readonly string[],
  predicted: readonly string[],
): number[][] {
  if (gold.length !== predicted.length) {
    throw new RangeError(
      `${gold.length} gold labels cannot be compared with ${predicted.length} predictions.`,
    )
  }
  const place = new Map(labelIds.map((labelId, index) => [labelId, index]))
  const placeOf = (labelId: string | undefined): number => {
    const index = labelId === undefined ? undefined : place.get(labelId)
    if (index === undefined)
      throw new RangeError(`The label "${labelId ?? ''}" is not one of ${labelIds.join(', ')}.`)
    return index
  }
  const cells = new Float64Array(labelIds.length ** 2)
  gold.forEach((labelId, index) => {
    const cell = placeOf(labelId) * labelIds.length + placeOf(predicted[index])
    cells[cell] = (cells[cell] ?? 0) + 1
  })
  return labelIds.map((_, row) => [...cells.subarray(row * labelIds.length, (row + 1) * labelIds.length)])
}

function classMetrics(
  labelIds: readonly string[],
  confusion: readonly (readonly number[])[],
): ClassMetrics[] {
  return labelIds.map((labelId, index) => {
    const hits = confusion[index]?.[index] ?? 0
    const support = sum(confusion[index] ?? [])
    const answered = sum(confusion.map((row) => row[index] ?? 0))
    return {
      labelId,
      precision: ratio(hits, answered),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + answered),
      support,
    }
  })
}

/**
 * Matthews' correlation coefficient of any number of classes.
 * Source: J. Gorodkin (2004), Comput. Biol. Chem. 28, 367–374, eq. 8.
 */
function correlation(confusion: readonly (readonly number[])[]): number {
  const places = confusion.map((_, place) => place)
  const gold = confusion.map(sum)
  const answered = places.map((column) => sum(confusion.map((row) => row[column] ?? 0)))
  const n = sum(gold)
  const hits = sum(places.map((place) => confusion[place]?.[place] ?? 0))
  const products = (a: readonly number[], b: readonly number[]): number =>
    sum(a.map((value, place) => value * (b[place] ?? 0)))
  const spread = (n * n - products(gold, gold)) * (n * n - products(answered, answered))
  return spread > 0 ? (hits * n - products(gold, answered)) / Math.sqrt(spread) : 0
}

/** All figures of a run against gold labels; both lists run in the same order and hold ids of `labelIds`. */
export function computeMetrics(
  labelIds: readonly string[],
  gold: readonly string[],
  predicted: readonly string[],
): Metrics {
  return metricsOf(labelIds, confusionMatrix(labelIds, gold, predicted))
}

/** All figures that follow from counts of [gold][predicted] in label order. */
export function metricsOf(labelIds: readonly string[], confusion: readonly (readonly number[])[]): Metrics {
  const perClass = classMetrics(labelIds, confusion)
  const n = sum(confusion.map(sum))
  const hits = sum(labelIds.map((_, index) => confusion[index]?.[index] ?? 0))
  const occurring = perClass.filter(
    (_, index) => sum(confusion.map((row) => row[index] ?? 0)) + sum(confusion[index] ?? []) > 0,
  )
  const majority = perClass.reduce<ClassMetrics | undefined>(
    (best, each) => (best === undefined || each.support > best.support ? each : best),
    undefined,
  )
  return {
    n,
    accuracy: ratio(hits, n),
    accuracyInterval: wilsonInterval(hits, n),
    macroF1: ratio(sum(occurring.map((each) => each.f1)), occurring.length),
    weightedF1: ratio(sum(perClass.map(({ f1, support }) => f1 * support)), n),
    mcc: correlation(confusion),
    perClass,
    confusion,
    majority: { labelId: majority?.labelId ?? '', accuracy: ratio(majority?.support ?? 0, n) },
  }
}
