import { readFileSync } from 'node:fs'

/** One adapter setting of a reference case; `encoderStates` [tokens, dModel]. */
export interface GoldenScores {
  readonly labelTokenLogProbSum: readonly number[]
  readonly encoderStates?: readonly (readonly number[])[]
}

/** What the reference implementation gave for one of our models, see test/fixtures/trim-golden.py. */
export interface Golden {
  readonly tokenization: readonly { readonly text: string; readonly ids: readonly number[] }[]
  readonly scoring: readonly {
    readonly prompt: string
    readonly inputIds: readonly number[]
    readonly labels: readonly string[]
    readonly labelIds: readonly (readonly number[])[]
    readonly base: GoldenScores
    readonly adapter: GoldenScores
  }[]
  readonly cloze: readonly {
    readonly inputIds: readonly number[]
    readonly decoderInputIds: readonly number[]
    readonly labelIds: readonly (readonly number[])[]
    readonly lastPositionLogProb: readonly number[]
  }[]
}

export interface TinyState {
  /** Greedily, at most 8 new tokens; of single texts. */
  readonly generation?: readonly number[]
  readonly encoderStates: readonly (readonly number[])[]
  readonly decoder: readonly {
    readonly decoderInputIds: readonly number[]
    /** [positions, vocabulary] */
    readonly logProbs: readonly (readonly number[])[]
  }[]
}

export interface TinyCase {
  readonly inputIds: readonly number[]
  readonly base: TinyState
  readonly adapter?: TinyState
}

/** Reference values of a random model, see test/fixtures/make-tiny.py. */
export interface TinyGolden {
  readonly inputs: readonly TinyCase[]
  /** The same texts padded to one length and run together. */
  readonly batch?: readonly TinyCase[]
}

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8'))

/** Reads the reference values of one of our models. */
export const readGolden = (name: string): Golden => read(`golden-${name}.json`) as Golden

/** Reads the reference values of a random model. */
export const readTinyGolden = (variant: string): TinyGolden =>
  read(`tiny/${variant}/golden.json`) as TinyGolden

/** The greatest difference between two lists of numbers; infinite when they differ in length. */
export function greatestDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  if (found.length !== expected.length) return Infinity
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[i] ?? NaN))), 0)
}
