/** A matrix in the orientation x·W: [inFeatures, outFeatures] is the transpose of PyTorch's `Linear.weight`. */
export type LinearWeight =
  | {
      readonly kind: 'fp32'
      readonly inFeatures: number
      readonly outFeatures: number
      /** PyTorch's layout, [outFeatures, inFeatures] row-major. */
      readonly weight: Float32Array
    }
  | {
      readonly kind: 'int8'
      readonly inFeatures: number
      readonly outFeatures: number
      /** [inFeatures, outFeatures] row-major; times the column's scale gives the weight. */
      readonly quantised: Int8Array
      /** One factor per output column. */
      readonly scale: Float32Array
    }

/**
 * What graphs are built from, whatever the number format of the file. Names are the reference implementation's tensor
 * names with `.weight`; all tensors were checked when the file was read.
 */
export interface ModelWeights {
  /** The projections and the vocabulary are int8. */
  readonly isQuantised: boolean
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
