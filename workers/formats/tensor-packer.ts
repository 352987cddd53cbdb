import { decodeFloats, type FloatType } from './decode-tensor'
import { ModelFormatError, quoted } from './format-error'
import { encodeF16, MAX_F16 } from './half'
import { INT4_BLOCK, quantiseBlocks, zeroPointBytes } from './int4-blocks'
import type { PlannedTensor } from './pack-plan'
import { quantiseRows } from './quantise'
import { ELEMENT_BYTES } from './tensor-view'

/** Rows are packed in blocks of about so many bytes of the source: enough to be fast, little beside a model. */
const BLOCK_BYTES = 2 ** 20

type Bytes = Uint8Array<ArrayBuffer>

/** How to go on with a tensor that is not done. */
export interface TensorCheckpoint {
  /** Bytes of the tensor that are not needed again. */
  readonly taken: number
  /** Of the rows among them, where their codes were handed on and their scales not yet. */
  readonly scales: readonly number[]
}

const START: TensorCheckpoint = { taken: 0, scales: [] }

/** Packs one tensor from the source's bytes, which come in the blocks that it asks for. */
export interface TensorPacker {
  /** Bytes that {@link add} is to be given next; 0 when the tensor is done. */
  readonly nextBytes: number
  /** Returns the pack's bytes that became final. Throws ModelFormatError for values that cannot be packed. */
  add(block: Uint8Array): readonly Bytes[]
  checkpoint(): TensorCheckpoint
}

export function packerOf(tensor: PlannedTensor, file: string, from = START): TensorPacker {
  const sizeBytes = tensor.end - tensor.begin
  if (!tensor.packing) return new Streamed(sizeBytes, BLOCK_BYTES, from, () => [])
  const { packing, dtype, name } = tensor
  const floatsOf = (block: Uint8Array, most = Number.MAX_VALUE): Float32Array => {
    const floats = decodeFloats(dtype, block)
    if (floats.every((value) => Math.abs(value) <= most)) return floats
    const expected = most === MAX_F16 ? `values up to ${MAX_F16}, as this format holds` : 'finite values'
    throw new ModelFormatError(file, `tensor ${quoted(name)}`, expected, 'others')
  }
  switch (packing.kind) {
    case 'floats':
      // A copy: the block is used again for the next one.
      return new Streamed(sizeBytes, BLOCK_BYTES, from, (block) => [bytesOf(floatsOf(block).slice())])
    case 'halves':
      return new Streamed(sizeBytes, BLOCK_BYTES, from, (block) => [encodeF16(floatsOf(block, MAX_F16))])
    case 'table':
      return new TablePacker(packing.shape, dtype, from, floatsOf)
    case 'projection':
      return new Buffered(packing.shape, dtype, new Int8Columns(packing.shape), floatsOf)
    case 'blocks':
      return new Buffered(packing.shape, dtype, new Int4Rows(packing.shape), (block) =>
        floatsOf(block, MAX_F16),
      )
  }
}

const bytesOf = (data: Float32Array<ArrayBuffer> | Int8Array<ArrayBuffer>): Bytes =>
  new Uint8Array(data.buffer)

/** Bytes of as many whole rows as are packed at a time. */
function blockOf(columns: number, dtype: FloatType): number {
  const rowBytes = columns * ELEMENT_BYTES[dtype]
  return Math.max(1, Math.floor(BLOCK_BYTES / rowBytes)) * rowBytes
}

/** What needs nothing but the bytes that are there. */
class Streamed implements TensorPacker {
  #taken: number

  constructor(
    private readonly sizeBytes: number,
    private readonly blockBytes: number,
    { taken }: TensorCheckpoint,
    private readonly pack: (block: Uint8Array) => readonly Bytes[],
  ) {
    this.#taken = taken
  }

  get nextBytes(): number {
    return Math.min(this.blockBytes, this.sizeBytes - this.#taken)
  }

  add(block: Uint8Array): readonly Bytes[] {
    this.#taken += block.byteLength
    return this.pack(block)
  }

  checkpoint(): TensorCheckpoint {
    return { taken: this.#taken, scales: [] }
  }
}

/** Codes are handed on row by row, the scales at the end. */
class TablePacker implements TensorPacker {
  private readonly streamed: Streamed
  private readonly scale: Float32Array<ArrayBuffer>
  #row: number

  constructor(
    [rows, columns]: readonly [number, number],
    dtype: FloatType,
    from: TensorCheckpoint,
    floatsOf: (block: Uint8Array) => Float32Array,
  ) {
    this.scale = new Float32Array(rows)
    this.scale.set(from.scales)
    this.#row = from.scales.length
    const sizeBytes = rows * columns * ELEMENT_BYTES[dtype]
    this.streamed = new Streamed(sizeBytes, blockOf(columns, dtype), from, (block) => {
      const floats = floatsOf(block)
      const { quantised, scale } = quantiseRows(floats, floats.length / columns, columns)
      this.scale.set(scale, this.#row)
      this.#row += scale.length
      return [bytesOf(quantised), ...(this.#row === rows ? [bytesOf(this.scale)] : [])]
    })
  }

  get nextBytes(): number {
    return this.streamed.nextBytes
  }

  add(block: Uint8Array): readonly Bytes[] {
    return this.streamed.add(block)
  }

  checkpoint(): TensorCheckpoint {
    return { ...this.streamed.checkpoint(), scales: Array.from(this.scale.subarray(0, this.#row)) }
  }
}

/** A packed matrix that is filled with some rows at a time. */
interface PackedMatrix {
  fill(rows: Float32Array, start: number): void
  parts(): readonly Bytes[]
}

/** Nothing is handed on before the last row, so that a tensor that was interrupted begins anew. */
class Buffered implements TensorPacker {
  #row = 0

  constructor(
    private readonly shape: readonly [number, number],
    private readonly dtype: FloatType,
    private readonly packed: PackedMatrix,
    private readonly floatsOf: (block: Uint8Array) => Float32Array,
  ) {}

  get nextBytes(): number {
    const [rows, columns] = this.shape
    const left = (rows - this.#row) * columns * ELEMENT_BYTES[this.dtype]
    return Math.min(blockOf(columns, this.dtype), left)
  }

  add(block: Uint8Array): readonly Bytes[] {
    const [rows, columns] = this.shape
    const floats = this.floatsOf(block)
    this.packed.fill(floats, this.#row)
    this.#row += floats.length / columns
    return this.#row === rows ? this.packed.parts() : []
  }

  checkpoint(): TensorCheckpoint {
    return START
  }
}

/** Int8 with a scale per row; rows become columns. */
class Int8Columns implements PackedMatrix {
  private readonly codes: Int8Array<ArrayBuffer>
  private readonly scale: Float32Array<ArrayBuffer>

  constructor(private readonly shape: readonly [number, number]) {
    this.codes = new Int8Array(shape[0] * shape[1])
    this.scale = new Float32Array(shape[0])
  }

  fill(floats: Float32Array, start: number): void {
    const [rows, columns] = this.shape
    const count = floats.length / columns
    const { quantised, scale } = quantiseRows(floats, count, columns)
    this.scale.set(scale, start)
    // Along the target's rows: steps of one there, and the block that is read again and again is small.
    for (let column = 0; column < columns; column += 1) {
      const first = column * rows + start
      for (let row = 0; row < count; row += 1) this.codes[first + row] = quantised[row * columns + column]!
    }
  }

  parts(): readonly Bytes[] {
    return [bytesOf(this.codes), bytesOf(this.scale)]
  }
}

/** 4 bits with a scale and a zero point for each block of a row. */
class Int4Rows implements PackedMatrix {
  private readonly codes: Bytes
  private readonly scale: Float32Array<ArrayBuffer>
  private readonly zeroPoints: Bytes
  private readonly blocks: number

  constructor(private readonly shape: readonly [number, number]) {
    const [rows, columns] = shape
    this.blocks = columns / INT4_BLOCK
    this.codes = new Uint8Array((rows * columns) / 2)
    this.scale = new Float32Array(rows * this.blocks)
    this.zeroPoints = new Uint8Array(rows * zeroPointBytes(this.blocks))
  }

  fill(floats: Float32Array, start: number): void {
    const [, columns] = this.shape
    const { codes, scale, zeroPoints } = quantiseBlocks(floats, floats.length / columns, columns)
    this.codes.set(codes, (start * columns) / 2)
    this.scale.set(scale, start * this.blocks)
    this.zeroPoints.set(zeroPoints, start * zeroPointBytes(this.blocks))
  }

  parts(): readonly Bytes[] {
    return [this.codes, encodeF16(this.scale), this.zeroPoints]
  }
}
