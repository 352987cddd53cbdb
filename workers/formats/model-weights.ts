import type { Int4Blocks } from './int4-blocks'

/** A matrix in the orientation x·W: [inFeatures, outFeatures] is the transpose of PyTorch's `Linear.weight`. */
export interface LinearShape {
  readonly inFeatures: number
  readonly outFeatures: number
}

export interface Fp32Weight extends LinearShape {
  readonly kind: 'fp32'
  /** PyTorch's layout, [outFeatures, inFeatures] row-major. */
  readonly weight: Float32Array
}

export interface Fp16Weight extends LinearShape {
  readonly kind: 'fp16'
  /** IEEE 754 binary16, little-endian, in PyTorch's layout. */
  readonly bytes: Uint8Array
}

export interface Int8Weight extends LinearShape {
  readonly kind: 'int8'
  /** [inFeatures, outFeatures] row-major; times the column's scale gives the weight. */
  readonly quantised: Int8Array
  /** One factor per output column. */
  readonly scale: Float32Array
}

/** Blocks of 32 weights of one output, along its inputs. */
export interface Int4Weight extends LinearShape, Int4Blocks {
  readonly kind: 'int4'
}

export type LinearWeight = Fp32Weight | Fp16Weight | Int8Weight | Int4Weight

/** What a file of weights holds: floats of 32 or 16 bits, or codes of 8 or 4; named by its coarsest projections. */
export type StoredFormat = LinearWeight['kind']

/**
 * What graphs are built from, whatever the number format of the file. Names are the reference implementation's tensor
 * names with `.weight`; all tensors were checked when the file was read.
 */
export interface ModelWeights {
  readonly storedFormat: StoredFormat
  /** The output head is a matrix of its own, not the vocabulary table. */
  readonly hasOwnHead: boolean
  /** An RMSNorm gain. */
  vector(name: string, length: number): Float32Array
  /** A small matrix in PyTorch's layout, [rows, columns]. */
  matrix(name: string, rows: number, columns: number): Float32Array
  linear(name: string, inFeatures: number, outFeatures: number): LinearWeight
  /** Rows of the vocabulary table, dequantised: [ids.length, dModel]. An id outside the vocabulary throws a RangeError. */
  embeddingRows(ids: ArrayLike<number>): Float32Array
  /** Rows of the output head, dequantised: [ids.length, dModel]; the factor dModel^-0.5 of tied heads is not applied. */
  headRows(ids: ArrayLike<number>): Float32Array
  /** The whole output head, dModel → vocabulary. */
  headLinear(): LinearWeight
  /** Weights of the model, each counted once. */
  readonly parameters: number
  /** Bytes of those weights in the file, scales included. */
  readonly bytes: number
}
