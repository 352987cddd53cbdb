import { decodeFloats, type FloatType } from './decode-tensor'
import { ModelFormatError, quoted } from './format-error'
import type { PlannedTensor } from './pack-plan'
import { quantiseRows } from './quantise'
import { ELEMENT_BYTES } from './tensor-view'

/** Rows are packed in blocks of about so many bytes of the source: enough to be fast, little beside a model. */
const BLOCK_BYTES = 2 ** 20

type Bytes = Uint8Array<ArrayBuffer>

/** Packs one tensor from the source's bytes, which come in the blocks that it asks for. */
export interface TensorPacker {
  /** Bytes that {@link add} is to be given next; 0 when the tensor is done. */
  readonly nextBytes: number
  /** Returns the pack's bytes that became final. */
  add(block: Uint8Array): readonly Bytes[]
  /** How to go on with a tensor that is not done: bytes of it before `taken` are not needed again. */
  checkpoint(): { readonly taken: number; readonly scales: readonly number[] }
}

/** @param scales of the rows that were packed before, from a checkpoint */
export function packerOf(tensor: PlannedTensor, file: string, scales: readonly number[] = []): TensorPacker {
  if (!tensor.packing) return new Skipper(tensor.end - tensor.begin)
  const { packing, dtype, name } = tensor
  const fail = () => new ModelFormatError(file, `tensor ${quoted(name)}`, 'finite values', 'one that is not')
  if (packing.kind === 'floats') return new FloatPacker(tensor.end - tensor.begin, dtype, fail)
  return new MatrixPacker(packing.kind, packing.shape, dtype, scales, fail)
}

/** Nothing of a tensor that is no part of the model. */
class Skipper implements TensorPacker {
  #taken = 0

  constructor(private readonly sizeBytes: number) {}

  get nextBytes(): number {
    return Math.min(BLOCK_BYTES, this.sizeBytes - this.#taken)
  }

  add(block: Uint8Array): readonly Bytes[] {
    this.#taken += block.byteLength
    return []
  }

  checkpoint() {
    return { taken: this.#taken, scales: [] }
  }
}

/** A small tensor, as 32-bit floats. */
class FloatPacker implements TensorPacker {
  #isDone = false

  constructor(
    private readonly sizeBytes: number,
    private readonly dtype: FloatType,
    private readonly fail: () => ModelFormatError,
  ) {}

  get nextBytes(): number {
    return this.#isDone ? 0 : this.sizeBytes
  }

  add(block: Uint8Array): readonly Bytes[] {
    this.#isDone = true
    // A copy: the block is used again for the next one.
    const floats = Float32Array.from(decodeFloats(this.dtype, block))
    if (!floats.every(Number.isFinite)) throw this.fail()
    return [new Uint8Array(floats.buffer)]
  }

  checkpoint() {
    return { taken: 0, scales: [] }
  }
}

/** A matrix, quantised by rows: those of a table are handed on at once, those of a projection become columns first. */
class MatrixPacker implements TensorPacker {
  private readonly rows: number
  private readonly columns: number
  private readonly rowBytes: number
  private readonly scale: Float32Array<ArrayBuffer>
  /** A projection's codes [columns, rows], filled column by column. */
  private readonly transposed: Int8Array<ArrayBuffer> | undefined
  #row: number

  constructor(
    kind: 'projection' | 'table',
    [rows, columns]: readonly [number, number],
    private readonly dtype: FloatType,
    scales: readonly number[],
    private readonly fail: () => ModelFormatError,
  ) {
    this.rows = rows
    this.columns = columns
    this.rowBytes = columns * ELEMENT_BYTES[dtype]
    this.scale = new Float32Array(rows)
    this.scale.set(scales)
    this.transposed = kind === 'projection' ? new Int8Array(rows * columns) : undefined
    this.#row = scales.length
  }

  get nextBytes(): number {
    const blockRows = Math.max(1, Math.floor(BLOCK_BYTES / this.rowBytes))
    return Math.min(blockRows, this.rows - this.#row) * this.rowBytes
  }

  add(block: Uint8Array): readonly Bytes[] {
    const count = block.byteLength / this.rowBytes
    const { quantised, scale } = this.quantise(block, count)
    this.scale.set(scale, this.#row)
    if (this.transposed) this.fillColumns(this.transposed, quantised, count)
    this.#row += count
    const isDone = this.#row === this.rows
    const codes = this.transposed ? (isDone ? this.transposed : undefined) : quantised
    return [
      ...(codes ? [new Uint8Array(codes.buffer)] : []),
      ...(isDone ? [new Uint8Array(this.scale.buffer)] : []),
    ]
  }

  checkpoint() {
    // Nothing of a projection was handed on before its last row, so it begins anew.
    const row = this.transposed ? 0 : this.#row
    return { taken: row * this.rowBytes, scales: Array.from(this.scale.subarray(0, row)) }
  }

  private quantise(block: Uint8Array, rows: number) {
    try {
      return quantiseRows(decodeFloats(this.dtype, block), rows, this.columns)
    } catch (error) {
      if (error instanceof RangeError) throw this.fail()
      throw error
    }
  }

  /** Writes [count, columns] into the columns from the current row on. */
  private fillColumns(target: Int8Array, codes: Int8Array, count: number): void {
    const { rows, columns } = this
    // Along the target's rows: steps of one there, and the block read again and again is small.
    for (let column = 0; column < columns; column += 1) {
      const start = column * rows + this.#row
      for (let row = 0; row < count; row += 1) target[start + row] = codes[row * columns + column]!
    }
  }
}
