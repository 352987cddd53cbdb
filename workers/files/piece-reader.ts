import type { FileProgress } from '../../src/files/contract'
import type { Checkpoint } from './jobs'
import { PIECE_BYTES } from './limits'

/** Reads a file piece by piece, so that it never lies in memory whole, and hears `cancel` in between. */
export class PieceReader {
  private readBytes = 0

  constructor(
    private readonly file: Blob,
    private readonly checkpoint: Checkpoint,
    private readonly onProgress: (progress: FileProgress) => void | Promise<void> = () => undefined,
  ) {}

  get progress(): FileProgress {
    return { readBytes: this.readBytes, totalBytes: this.file.size }
  }

  get sizeBytes(): number {
    return this.file.size
  }

  /** All bytes in order, or the first `endByte` of them. */
  async *read(endByte = this.file.size): AsyncGenerator<Uint8Array> {
    const end = Math.min(endByte, this.file.size)
    for (let start = 0; start < end; start += PIECE_BYTES) {
      await this.checkpoint()
      const bytes = await this.slice(start, Math.min(start + PIECE_BYTES, end))
      this.readBytes = start + bytes.length
      yield bytes
      await this.onProgress(this.progress)
    }
  }

  /** Some bytes, without telling of progress. */
  async slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.file.slice(start, end).arrayBuffer())
  }

  /** For formats that are not read from front to back: how far the reading has come. */
  async mark(readBytes: number): Promise<void> {
    this.readBytes = readBytes
    await this.checkpoint()
    await this.onProgress(this.progress)
  }
}
