import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConversionError } from './conversion-error'

/** Reads files of a folder; what is missing is told in a sentence. */
export class SourceFolder {
  constructor(readonly path: string) {}

  async read(file: string): Promise<Uint8Array> {
    const bytes = await this.readIfPresent(file)
    if (!bytes) throw new ConversionError(`${join(this.path, file)} is missing; a model folder needs it.`)
    return bytes
  }

  async readIfPresent(file: string): Promise<Uint8Array | undefined> {
    try {
      return new Uint8Array(await readFile(join(this.path, file)))
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined
      throw error
    }
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
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
