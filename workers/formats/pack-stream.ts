import { ModelFormatError } from './format-error'
import { planPack, type PackOptions, type PackPlan } from './pack-plan'
import { parseSafetensorsHeader, PREFIX_BYTES, readHeaderLength } from './safetensors-header'
import type { Json, StreamTransform } from './stream-transform'
import { packerOf, type TensorCheckpoint, type TensorPacker } from './tensor-packer'

type Bytes = Uint8Array<ArrayBuffer>

/** What a checkpoint says once the source's header was read. */
interface State extends TensorCheckpoint {
  /** The source's header: JSON. */
  readonly header: string
  /** Index of the tensor in the order of the data. */
  readonly tensor: number
}

/**
 * Turns a published T5 file (safetensors of F32, F16 or BF16) into a pack while it arrives: see {@link planPack} for
 * what becomes of each tensor. Holds one block of the source and the codes of one projection or the scales of one table.
 * Throws ModelFormatError as soon as the source shows that it cannot be used.
 */
export class PackStream implements StreamTransform {
  #plan: (PackPlan & { readonly header: string; readonly dataStart: number }) | undefined
  #tensor = 0
  #packer: TensorPacker | undefined
  /** The bytes waited for, and how many of them are there. */
  #waiting = new Uint8Array(PREFIX_BYTES)
  #filled = 0
  #headerLength = 0

  /** @param state of a checkpoint, whose offset the source then goes on at */
  constructor(
    private readonly options: PackOptions,
    state: Json = null,
  ) {
    if (state === null) return
    const { header, tensor, ...from } = readState(state, options.file)
    const { tensors } = this.#begin(new TextEncoder().encode(header))
    const { begin = 0, end = 0 } = tensors[tensor] ?? {}
    if (tensor > tensors.length || from.taken > end - begin) throw unusable(options.file)
    this.#startTensor(tensor, from)
  }

  /** Of the pack, once the source's header was read. */
  get sizeBytes(): number | undefined {
    return this.#plan?.sizeBytes
  }

  push(bytes: Uint8Array): readonly Bytes[] {
    const results: Bytes[] = []
    let position = 0
    while (position < bytes.byteLength) {
      if (this.#waiting.byteLength === 0) throw this.#wrongLength('more')
      const part = bytes.subarray(position, position + this.#waiting.byteLength - this.#filled)
      this.#waiting.set(part, this.#filled)
      this.#filled += part.byteLength
      position += part.byteLength
      if (this.#filled === this.#waiting.byteLength) results.push(...this.#take(this.#waiting))
    }
    return results
  }

  finish(): readonly Bytes[] {
    if (this.#waiting.byteLength > 0) throw this.#wrongLength('fewer')
    return []
  }

  checkpoint(): { readonly sourceOffset: number; readonly state: Json } {
    if (!this.#plan) return { sourceOffset: 0, state: null }
    const { header, dataStart, tensors } = this.#plan
    const { taken, scales } = this.#packer?.checkpoint() ?? { taken: 0, scales: [] }
    const begin = tensors[this.#tensor]?.begin ?? tensors.at(-1)?.end ?? 0
    return {
      sourceOffset: dataStart + begin + taken,
      state: { header, tensor: this.#tensor, taken, scales },
    }
  }

  /** Takes what was waited for, and waits for the next. */
  #take(bytes: Uint8Array): readonly Bytes[] {
    if (this.#packer) {
      const results = this.#packer.add(bytes)
      if (this.#packer.nextBytes === 0) this.#startTensor(this.#tensor + 1)
      else this.#wait(this.#packer.nextBytes)
      return results
    }
    // What was waited for first is the length of the header.
    if (bytes.byteLength === PREFIX_BYTES && this.#headerLength === 0) {
      this.#headerLength = readHeaderLength(bytes, this.options.file)
      this.#wait(this.#headerLength)
      return []
    }
    const { head } = this.#begin(bytes)
    this.#startTensor(0)
    return [head]
  }

  #begin(headerBytes: Uint8Array): PackPlan {
    const header = parseSafetensorsHeader(headerBytes, this.options.file)
    this.#plan = {
      ...planPack(header, this.options),
      header: new TextDecoder().decode(headerBytes),
      dataStart: PREFIX_BYTES + headerBytes.byteLength,
    }
    return this.#plan
  }

  /** Tensors without a value are done before they begin. */
  #startTensor(index: number, from?: TensorCheckpoint): void {
    const { tensors } = this.#plan ?? { tensors: [] }
    this.#tensor = index
    const tensor = tensors[index]
    this.#packer = tensor && packerOf(tensor, this.options.file, from)
    if (this.#packer?.nextBytes === 0) return this.#startTensor(index + 1)
    this.#wait(this.#packer?.nextBytes ?? 0)
  }

  #wait(sizeBytes: number): void {
    if (this.#waiting.byteLength !== sizeBytes) this.#waiting = new Uint8Array(sizeBytes)
    this.#filled = 0
  }

  #wrongLength(found: 'more' | 'fewer'): ModelFormatError {
    const expected = this.#plan
      ? `${this.#plan.dataStart + (this.#plan.tensors.at(-1)?.end ?? 0)} bytes`
      : 'a whole header'
    return new ModelFormatError(this.options.file, 'size', expected, found)
  }
}

function readState(state: Json, file: string): State {
  if (typeof state === 'object' && state !== null && 'header' in state) {
    const { header, tensor, taken, scales } = state
    if (
      typeof header === 'string' &&
      typeof tensor === 'number' &&
      typeof taken === 'number' &&
      Array.isArray(scales) &&
      scales.every((scale) => typeof scale === 'number')
    )
      return { header, tensor, taken, scales }
  }
  throw unusable(file)
}

const unusable = (file: string): ModelFormatError =>
  new ModelFormatError(
    file,
    'checkpoint',
    'one that was made for this model; start the conversion again',
    'another',
  )
