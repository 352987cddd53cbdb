/** Takes one file from where it comes from into the database: hashed, converted if asked for, and resumable at any byte. */
import type { UseStore } from '../kept/database'
import type { StreamTransform } from '../formats/stream-transform'
import type { FileHash } from '../../src/store/contract'
import type { Conversion } from './conversion'
import { PartFile } from './part-file'
import type { PartRecord, WantedFile } from './records'
import { createRunningHash, type RunningHash } from './running-hash'
import { StoreFailure } from './store-failure'

/** Consecutive bytes of a published file. */
export interface Piece {
  /** Of the first byte in the file; 0 where the file has to be begun anew. */
  readonly offset: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Gives the pieces of a file in order from a byte on, each about as long as a chunk. */
export type Pieces = (file: WantedFile['source'], offset: number) => AsyncIterable<Piece>

export interface TakeFileParts {
  readonly database: UseStore
  readonly model: string
  readonly pieces: Pieces
  readonly conversion?: Conversion
  /** Reads a file of the same model that is complete. */
  readonly readStored: (path: string) => Promise<Uint8Array<ArrayBuffer>>
  /** Told of bytes that had come and have to come again. */
  readonly onLost: (count: number) => void
}

/**
 * Stores a file, going on from what is there. It counts as present once its bytes had the published hash, and its size.
 * @throws StoreFailure `wrong-hash` when they had not; nothing of it is left then
 */
export async function takeFile(parts: TakeFileParts, file: WantedFile): Promise<void> {
  const part = await PartFile.open(parts.database, parts.model, file.path)
  let taking = await Taking.begin(parts, file, part.progress)
  for await (const piece of parts.pieces(file.source, part.progress.sourceOffset)) {
    if (piece.offset !== taking.offset) {
      if (piece.offset !== 0) throw new Error(`${file.path}: a piece from ${piece.offset} does not fit`)
      parts.onLost(taking.offset)
      await part.restart()
      taking = await Taking.begin(parts, file, part.progress)
    }
    const step = taking.push(piece.bytes)
    if (taking.offset < file.source.sizeBytes) await part.append(step)
    else return finish(part, taking, step.bytes)
  }
  // An empty file has no pieces, and a part whose last piece was stored has none left.
  if (taking.offset === file.source.sizeBytes) return finish(part, taking, [])
  throw new StoreFailure('connection', `${file.path} ended early. Try again; what arrived is kept.`)

  async function finish(
    part: PartFile,
    taking: Taking,
    bytes: readonly Uint8Array<ArrayBuffer>[],
  ): Promise<void> {
    const outcome = taking.finish()
    if (outcome.damage === undefined) return part.complete([...bytes, ...outcome.bytes], outcome.sha256)
    await part.discard()
    parts.onLost(taking.offset)
    throw new StoreFailure(
      'wrong-hash',
      `${file.path} is not what was published: ${outcome.damage}. It was thrown away; download it again, and from elsewhere if that does not help.`,
    )
  }
}

/** The state of one attempt: the hashes, and the conversion if there is one. */
class Taking {
  /** Bytes of the published file that were pushed and are not part of `hashes` yet: the conversion would see them again. */
  private readonly unhashed: Uint8Array[] = []

  private constructor(
    private readonly file: WantedFile,
    /** After how many bytes of the published file. */
    public offset: number,
    private hashedBytes: number,
    private readonly hashes: readonly RunningHash[],
    private readonly transform: StreamTransform | undefined,
    private readonly resultHash: RunningHash | undefined,
  ) {}

  static async begin(
    { conversion, readStored }: TakeFileParts,
    file: WantedFile,
    { sourceOffset, sourceHashes, resultHash, transform }: PartRecord,
  ): Promise<Taking> {
    const { source } = file
    // The result's own name is a SHA-256; what is stored as published shares it with the source.
    const kinds = new Set<FileHash['kind']>(conversion ? [] : ['sha256'])
    if (source.hash) kinds.add(source.hash.kind)
    const hashes = [...kinds].map((kind) =>
      createRunningHash(kind, source.sizeBytes, sourceHashes.find((saved) => saved.kind === kind)?.state),
    )
    return new Taking(
      file,
      sourceOffset,
      sourceOffset,
      await Promise.all(hashes),
      await conversion?.start(
        { ...source, read: readStored },
        transform === undefined ? undefined : { sourceOffset, state: transform },
      ),
      conversion && (await createRunningHash('sha256', 0, resultHash)),
    )
  }

  /** What is to be stored after these bytes. */
  push(bytes: Uint8Array<ArrayBuffer>) {
    this.offset += bytes.length
    this.unhashed.push(bytes)
    const result = this.transform ? this.transform.push(bytes) : [bytes]
    for (const each of result) this.resultHash?.update(each)
    const checkpoint = this.transform?.checkpoint()
    const sourceOffset = checkpoint?.sourceOffset ?? this.offset
    this.hashUpTo(sourceOffset)
    const progress = {
      sourceOffset,
      sourceHashes: this.hashes.map((hash) => ({ kind: hash.kind, state: hash.save() })),
      ...(this.resultHash && { resultHash: this.resultHash.save() }),
      ...(checkpoint && { transform: checkpoint.state }),
    }
    return { bytes: result, progress }
  }

  /** The result's last bytes and its hash, or what is wrong with the source, as a clause. */
  finish():
    | {
        readonly damage?: undefined
        readonly sha256: string
        readonly bytes: readonly Uint8Array<ArrayBuffer>[]
      }
    | { readonly damage: string } {
    this.hashUpTo(this.offset)
    const { sizeBytes, hash } = this.file.source
    if (this.offset !== sizeBytes) return { damage: `it has ${this.offset} bytes in place of ${sizeBytes}` }
    const digests = new Map(this.hashes.map((each) => [each.kind, each.digest()]))
    const found = hash && digests.get(hash.kind)
    if (hash && found !== hash.hex)
      return {
        damage: `its ${hash.kind === 'git' ? 'git hash' : 'SHA-256'} is ${found} in place of ${hash.hex}`,
      }
    const bytes = this.transform?.finish() ?? []
    for (const each of bytes) this.resultHash?.update(each)
    const sha256 = this.resultHash?.digest() ?? digests.get('sha256')
    if (sha256 === undefined) throw new Error('A file that is stored as published has a SHA-256.')
    return { sha256, bytes }
  }

  private hashUpTo(offset: number): void {
    while (this.hashedBytes < offset) {
      const [first] = this.unhashed
      if (!first) throw new Error(`${this.file.path}: a checkpoint lies beyond what was pushed`)
      const taken = first.subarray(0, offset - this.hashedBytes)
      for (const hash of this.hashes) hash.update(taken)
      this.hashedBytes += taken.length
      if (taken.length === first.length) this.unhashed.shift()
      else this.unhashed[0] = first.subarray(taken.length)
    }
  }
}
