/** Hashes that take a file in pieces and whose state can be stored, so that a download goes on after a crash. */
import { createSHA1, createSHA256, type IHasher } from 'hash-wasm'
import type { FileHash } from '../../src/store/contract'

export interface RunningHash {
  readonly kind: FileHash['kind']
  update(bytes: Uint8Array): void
  /** Lower-case hexadecimal; nothing can be added afterwards. */
  digest(): string
  /** The state after what was added so far. */
  save(): Uint8Array<ArrayBuffer>
}

/**
 * Begins a hash, or goes on from a saved state. `git` is the name of a blob in git: SHA-1 over `blob <size>\0` and the bytes
 * (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects).
 */
export async function createRunningHash(
  kind: FileHash['kind'],
  sizeBytes: number,
  saved?: Uint8Array,
): Promise<RunningHash> {
  const hasher: IHasher = kind === 'git' ? await createSHA1() : await createSHA256()
  hasher.init()
  if (saved) hasher.load(saved)
  else if (kind === 'git') hasher.update(`blob ${sizeBytes}\0`)
  return {
    kind,
    update: (bytes) => void hasher.update(bytes),
    digest: () => hasher.digest('hex'),
    save: () => new Uint8Array(hasher.save()),
  }
}
