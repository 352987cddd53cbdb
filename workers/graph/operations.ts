/** Each operation that our graphs use, in one place; shapes in comments, `*` for any leading dimensions. */
import { absent, type GraphBuilder, type Value } from './graph-builder'
import { elementTypes, float32, int64, type ElementType } from './tensor'

export const add = (g: GraphBuilder, a: Value, b: Value): Value => g.node('Add', [a, b])

export const multiply = (g: GraphBuilder, a: Value, b: Value): Value => g.node('Mul', [a, b])

/** [*, m, k] · [*, k, n] → [*, m, n], leading dimensions broadcast. */
export const matMul = (g: GraphBuilder, a: Value, b: Value): Value => g.node('MatMul', [a, b])

/** Multiplies by a fixed number. */
export const scale = (g: GraphBuilder, x: Value, factor: number): Value =>
  multiply(g, x, g.constant(float32([], Float32Array.of(factor))))

/** Splits the last dimension into parts of the given widths. */
export const splitLast = (g: GraphBuilder, x: Value, widths: readonly number[]): Value[] =>
  g.nodeWithOutputs('Split', [x, g.constant(int64(widths))], widths.length, { attributes: { axis: -1 } })

/** Puts values side by side along the last dimension; one alone is itself. */
export const concatLast = (g: GraphBuilder, parts: readonly Value[]): Value =>
  parts.length === 1 && parts[0] ? parts[0] : g.node('Concat', parts, { attributes: { axis: -1 } })

/** Reshapes; 0 keeps a dimension, -1 is inferred. */
export const reshape = (g: GraphBuilder, x: Value, shape: readonly number[]): Value =>
  g.node('Reshape', [x, g.constant(int64(shape))])

/** Reshapes to a shape that is an int64 input of the graph. */
export const reshapeTo = (g: GraphBuilder, x: Value, shape: Value): Value => g.node('Reshape', [x, shape])

export const insertAxis = (g: GraphBuilder, x: Value, axis: number): Value =>
  g.node('Unsqueeze', [x, g.constant(int64([axis]))])

export const transpose = (g: GraphBuilder, x: Value, permutation: readonly number[]): Value =>
  g.node('Transpose', [x], { attributes: { perm: permutation } })

/** Softmax over the last dimension. */
export const softmax = (g: GraphBuilder, x: Value): Value =>
  g.node('Softmax', [x], { attributes: { axis: -1 } })

/** Sums over one dimension, which disappears. */
export const sumOver = (g: GraphBuilder, x: Value, axis: number): Value =>
  g.node('ReduceSum', [x, g.constant(int64([axis]))], { attributes: { keepdims: 0 } })

/** log Σ exp over the last dimension, which disappears. */
export const logSumExpLast = (g: GraphBuilder, x: Value): Value =>
  g.node('ReduceLogSumExp', [x, g.constant(int64([-1]))], { attributes: { keepdims: 0 } })

/** Picks columns: [rows, n] and int32 indices [...] → [rows, ...]. */
export const gatherColumns = (g: GraphBuilder, table: Value, indices: Value): Value =>
  g.node('Gather', [table, indices], { attributes: { axis: 1 } })

export const relu = (g: GraphBuilder, x: Value): Value => g.node('Relu', [x])

/** GELU in its tanh form (arXiv 1606.08415, section 2), which the reference calls gelu_new. */
export const geluTanh = (g: GraphBuilder, x: Value): Value =>
  g.node('FastGelu', [x], { domain: 'com.microsoft' })

/** RMSNorm (arXiv 1910.07467): x / √(mean x² + ε) · weight, over the last dimension. */
export const rmsNorm = (g: GraphBuilder, x: Value, weight: Value, epsilon: number): Value =>
  g.node('SimplifiedLayerNormalization', [x, weight], {
    attributes: { axis: -1, epsilon: { float: epsilon }, stash_type: 1 },
  })

/**
 * Dot-product attention of `heads` heads without scaling, as T5 has it.
 * query [b, s, h·k], key and value [b, t, h·k], bias [b or 1, h or 1, s, t] added to the scores → [b, s, h·k].
 */
export const attention = (
  g: GraphBuilder,
  query: Value,
  key: Value,
  value: Value,
  bias: Value,
  heads: number,
): Value =>
  g.node('MultiHeadAttention', [query, key, value, absent, absent, bias], {
    domain: 'com.microsoft',
    attributes: { num_heads: heads, scale: { float: 1 } },
  })

/**
 * The same as {@link attention} in single operators.
 *
 * [Note: Attention in single operators] On WebGPU ONNX Runtime's `MultiHeadAttention` gave wrong states for more than 32
 * tokens where it has a bias (Chromium's software adapter, build 1.31.0-dev.20260914); its parts are right at any length.
 */
export const attentionInParts: typeof attention = (g, query, key, value, bias, heads) => {
  const byHead = (x: Value, permutation: readonly number[]) =>
    transpose(g, splitHeads(g, x, heads), permutation)
  const scores = matMul(g, byHead(query, [0, 2, 1, 3]), byHead(key, [0, 2, 3, 1]))
  const weights = softmax(g, add(g, scores, bias))
  const attended = matMul(g, weights, byHead(value, [0, 2, 1, 3]))
  return mergeHeads(g, transpose(g, attended, [0, 2, 1, 3]))
}

/** [b, s, h·k] → [b, s, h, k] */
const splitHeads = (g: GraphBuilder, x: Value, heads: number): Value => reshape(g, x, [0, 0, heads, -1])

/** [b, s, h, k] → [b, s, h·k] */
const mergeHeads = (g: GraphBuilder, x: Value): Value => reshape(g, x, [0, 0, -1])

/** The same numbers as another type. */
export const cast = (g: GraphBuilder, x: Value, type: ElementType): Value =>
  g.node('Cast', [x], { attributes: { to: elementTypes[type] } })

export const divide = (g: GraphBuilder, a: Value, b: Value): Value => g.node('Div', [a, b])

/** Greatest magnitude of the last dimension, kept as a dimension of 1; never zero, so that one can divide by it. */
export const mostLast = (g: GraphBuilder, x: Value): Value => {
  const most = g.node('ReduceMax', [g.node('Abs', [x]), g.constant(int64([-1]))], {
    attributes: { keepdims: 1 },
  })
  return g.node('Max', [most, g.constant(float32([], Float32Array.of(1e-12)))])
}

const one = (g: GraphBuilder): Value => g.constant(float32([], Float32Array.of(1)))
// Unsigned with an offset, because ONNX Runtime's signed kernels are several times slower on WASM.
const offset = (g: GraphBuilder): Value => g.constant({ type: 'uint8', dims: [], data: Uint8Array.of(128) })

/** Rounds [-1, 1] to `steps` steps to either side of zero, as uint8 with an offset of 128. */
export const quantiseUnit = (g: GraphBuilder, x: Value, steps: number): Value =>
  g.node('QuantizeLinear', [x, g.constant(float32([], Float32Array.of(1 / steps))), offset(g)])

/** x uint8 [*, in] with an offset of 128 times weight int8 [in, out] → float [*, out], each column times its scale. */
export const matMulIntegerToFloat = (g: GraphBuilder, x: Value, weight: Value, columnScale: Value): Value =>
  g.node('MatMulIntegerToFloat', [x, weight, one(g), columnScale, offset(g)], { domain: 'com.microsoft' })

/**
 * x [*, in] times quantised weights [out, blocks, bytes of a block] with a scale for each block [out · blocks] → [*, out].
 * @param zeroPoints those of an output packed as its weights are; without them zero is half of the codes
 */
export const matMulNBits = (
  g: GraphBuilder,
  x: Value,
  codes: Value,
  scales: Value,
  zeroPoints: Value | undefined,
  of: {
    readonly inFeatures: number
    readonly outFeatures: number
    readonly blockSize: number
    readonly bits: number
  },
): Value =>
  g.node('MatMulNBits', [x, codes, scales, ...(zeroPoints ? [zeroPoints] : [])], {
    domain: 'com.microsoft',
    attributes: { K: of.inFeatures, N: of.outFeatures, bits: of.bits, block_size: of.blockSize },
  })
