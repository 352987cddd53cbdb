/** Writes the protocol buffer wire format (https://protobuf.dev/programming-guides/encoding/): just what ONNX files need. */
const utf8 = new TextEncoder()

const WireType = { varint: 0, delimited: 2, fixed32: 5 } as const

/** Collects the fields of one message; fields are written in call order. */
export class MessageWriter {
  private readonly chunks: Uint8Array[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  /** A whole number of at most 64 bits; negative numbers as two's complement. Zero is written too. */
  integer(field: number, value: number | bigint): this {
    this.tag(field, WireType.varint)
    return this.varint(BigInt.asUintN(64, BigInt(value)))
  }

  float(field: number, value: number): this {
    this.tag(field, WireType.fixed32)
    return this.push(new Uint8Array(new Float32Array([value]).buffer))
  }

  text(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value))
  }

  bytes(field: number, value: Uint8Array): this {
    this.tag(field, WireType.delimited)
    this.varint(BigInt(value.length))
    return this.push(value)
  }

  /** What is written into `value` afterwards is not part of it. */
  message(field: number, value: MessageWriter): this {
    this.tag(field, WireType.delimited)
    this.varint(BigInt(value.length))
    for (const chunk of value.chunks) this.push(chunk)
    return this
  }

  /** Whole numbers in packed form. */
  integers(field: number, values: readonly (number | bigint)[]): this {
    const packed = new MessageWriter()
    for (const value of values) packed.varint(BigInt.asUintN(64, BigInt(value)))
    return this.bytes(field, packed.finish())
  }

  /** The bytes in parts, without a copy: those of large fields are the very arrays that were given. */
  parts(): readonly Uint8Array[] {
    return this.chunks
  }

  finish(): Uint8Array {
    const joined = new Uint8Array(this.#length)
    let offset = 0
    for (const chunk of this.chunks) {
      joined.set(chunk, offset)
      offset += chunk.length
    }
    return joined
  }

  private tag(field: number, type: number): void {
    this.varint(BigInt((field << 3) | type))
  }

  private varint(value: bigint): this {
    const bytes: number[] = []
    let rest = value
    while (rest > 0x7fn) {
      bytes.push(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    bytes.push(Number(rest))
    return this.push(Uint8Array.from(bytes))
  }

  private push(chunk: Uint8Array): this {
    this.chunks.push(chunk)
    this.#length += chunk.length
    return this
  }
}
