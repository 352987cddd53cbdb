import { createReadStream } from 'node:fs'
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ConversionError } from './conversion-error'

/** Bytes of a file that are held at a time. */
const PIECE_BYTES = 2 ** 22

/** Reads files of a folder; what is missing is told in a sentence. */
export class SourceFolder {
  constructor(readonly path: string) {}

  /** The file, or its first bytes. */
  async read(file: string, length?: number): Promise<Uint8Array> {
    const bytes = await this.readIfPresent(file, length)
    if (!bytes) throw this.missing(file)
    return bytes
  }

  async readIfPresent(file: string, length?: number): Promise<Uint8Array | undefined> {
    const path = join(this.path, file)
    try {
      if (length === undefined) return new Uint8Array(await readFile(path))
      const handle = await open(path)
      try {
        const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, 0)
        return buffer.subarray(0, bytesRead)
      } finally {
        await handle.close()
      }
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined
      throw error
    }
  }

  async sizeOf(file: string): Promise<number> {
    try {
      return (await stat(join(this.path, file))).size
    } catch (error) {
      if (hasCode(error, 'ENOENT')) throw this.missing(file)
      throw error
    }
  }

  /** The file piece by piece. */
  async *pieces(file: string): AsyncGenerator<Uint8Array> {
    for await (const piece of createReadStream(join(this.path, file), { highWaterMark: PIECE_BYTES }))
      if (piece instanceof Uint8Array) yield piece
  }

  /** Names of the folders `adapter-*`, sorted. */
  async adapterFolders(): Promise<readonly string[]> {
    try {
      const entries = await readdir(this.path, { withFileTypes: true })
      return entries
        .filter((entry) => entry.isDirectory() && /^adapter-[\w-]+$/.test(entry.name))
        .map((entry) => entry.name)
        .sort()
    } catch (error) {
      if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR'))
        throw new ConversionError(`${this.path} is not a folder.`)
      throw error
    }
  }

  private missing(file: string): ConversionError {
    return new ConversionError(`${join(this.path, file)} is missing; a model folder needs it.`)
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
