/** The bytes of a hub's files: several ranges at once, in order, over connections that break. */
import type { WantedFile } from '../records'
import { StoreFailure } from '../store-failure'
import type { Piece, Pieces } from '../take-file'
import { fileAddress, type HubOrigin } from './facts'
import { inOrder } from './in-order'
import { ask, broken, Trouble } from './network'
import { Patience, type AskOptions } from './patience'

/** More would not be faster on one line and would hold more in memory. */
export const PARALLEL_REQUESTS = 3

type Source = WantedFile['source']

/** What was asked for, or all bytes of the file from a server that does not know ranges. */
type Answer = { readonly piece: Piece } | { readonly whole: Response }

/** Reads files of one commit. */
export function createHubPieces(origin: HubOrigin, options: AskOptions): Pieces {
  return (source, offset) => {
    const file = new HubFile(origin, source, options)
    return source.sizeBytes > options.chunkBytes ? file.ranges(offset) : file.atOnce()
  }
}

class HubFile {
  /** Where the hub redirects to; it is good for a while. */
  private signed: string | undefined
  private readonly address: string

  constructor(
    origin: HubOrigin,
    private readonly source: Source,
    private readonly options: AskOptions,
  ) {
    this.address = fileAddress(origin, source.path)
  }

  /** A file of one chunk at most. */
  async *atOnce(): AsyncGenerator<Piece> {
    const { sizeBytes } = this.source
    if (sizeBytes === 0) return
    const answer = await this.range(0, sizeBytes, this.options.signal)
    if ('whole' in answer) throw new Error('All bytes were asked for.')
    yield answer.piece
  }

  async *ranges(offset: number): AsyncGenerator<Piece> {
    const { sizeBytes } = this.source
    if (offset >= sizeBytes) return
    const { signal, chunkBytes } = this.options
    const take = (start: number, until: AbortSignal) =>
      this.range(start, Math.min(start + chunkBytes, sizeBytes), until)
    // The first one tells whether the server knows ranges at all.
    const first = await take(offset, signal)
    if ('whole' in first) {
      yield* this.whole(first.whole)
      return
    }
    yield first.piece
    const starts: number[] = []
    for (let start = offset + chunkBytes; start < sizeBytes; start += chunkBytes) starts.push(start)
    const rest = inOrder(starts, PARALLEL_REQUESTS, (start, ended) =>
      take(start, AbortSignal.any([signal, ended])),
    )
    for await (const answer of rest) {
      if ('whole' in answer) {
        yield* this.whole(answer.whole)
        return
      }
      yield answer.piece
    }
  }

  /** Bytes from `start` to before `end`; a connection that is cut goes on from where it was. */
  private async range(start: number, end: number, signal: AbortSignal): Promise<Answer> {
    const bytes = new Uint8Array(end - start)
    const isAll = bytes.length === this.source.sizeBytes
    let filled = 0
    const patience = new Patience({ ...this.options, signal })
    for (;;)
      try {
        const from = start + filled
        const response = await this.open(isAll && filled === 0 ? undefined : { from, end }, signal)
        if (response.status === 200) {
          if (!isAll) return { whole: response }
          this.options.onBytes(-filled)
          filled = 0
        }
        for await (const part of this.bodyOf(response, signal)) {
          if (filled + part.length > bytes.length) throw this.tooMany()
          bytes.set(part, filled)
          filled += part.length
          this.options.onBytes(part.length)
          patience.gotFurther()
        }
        if (filled === bytes.length) return { piece: { offset: start, bytes } }
        throw this.cut(signal)
      } catch (error) {
        await patience.after(error)
      }
  }

  /** The file from its beginning, in one go; where it is cut it is begun anew. */
  private async *whole(first: Response): AsyncGenerator<Piece> {
    const patience = new Patience(this.options)
    for (let response: Response | undefined = first; ; response = undefined)
      try {
        response ??= await this.open(undefined, this.options.signal)
        yield* this.inChunks(response)
        return
      } catch (error) {
        await patience.after(error)
      }
  }

  private async *inChunks(response: Response): AsyncGenerator<Piece> {
    const { sizeBytes } = this.source
    const { chunkBytes } = this.options
    let offset = 0
    let chunk = new Uint8Array(Math.min(chunkBytes, sizeBytes))
    let filled = 0
    try {
      for await (const part of this.bodyOf(response, this.options.signal))
        for (let rest = part; rest.length > 0;) {
          if (chunk.length === 0) throw this.tooMany()
          const taken = rest.subarray(0, chunk.length - filled)
          chunk.set(taken, filled)
          filled += taken.length
          this.options.onBytes(taken.length)
          rest = rest.subarray(taken.length)
          if (filled < chunk.length) continue
          const piece = { offset, bytes: chunk }
          offset += filled
          chunk = new Uint8Array(Math.min(chunkBytes, sizeBytes - offset))
          filled = 0
          yield piece
        }
    } finally {
      this.options.onBytes(-filled)
    }
    if (offset < sizeBytes) throw this.cut(this.options.signal)
  }

  /** Asks the signed address if there is one, and for a new one when it has expired. */
  private async open(
    range: { readonly from: number; readonly end: number } | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const { signed } = this
    if (signed !== undefined)
      try {
        return await this.request(signed, range, signal)
      } catch (error) {
        // A connection that was cut, or too many requests, are no matter of the signature.
        if (signal.aborted || (error instanceof Trouble && error.failure.code !== 'hub')) throw error
        if (this.signed === signed) this.signed = undefined
      }
    const response = await this.request(this.address, range, signal)
    if (response.redirected) this.signed = response.url
    return response
  }

  private async request(
    address: string,
    range: { readonly from: number; readonly end: number } | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const { network } = this.options
    const { path } = this.source
    if (!range) return ask(network, address, path, { signal })
    const asked = `bytes=${range.from}-${range.end - 1}`
    const response = await ask(network, address, path, { signal, range: asked })
    const given = response.headers.get('Content-Range')
    if (response.status === 200 || given === null || given.startsWith(`bytes ${range.from}-`)) return response
    await response.body?.cancel()
    throw new StoreFailure(
      'hub',
      `${path} could not be fetched: ${new URL(address).host} sent ${given} for ${asked}.`,
    )
  }

  private async *bodyOf(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (!response.body) return
    const { network } = this.options
    const reader = response.body.getReader()
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      for (;;) {
        const stalled = new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error('stalled')), network.stallMs)
        })
        const { done, value } = await Promise.race([reader.read(), stalled])
        clearTimeout(timer)
        if (done) return
        yield value
      }
    } catch (error) {
      throw broken(error, this.source.path, response.url, network, signal)
    } finally {
      clearTimeout(timer)
      void reader.cancel().catch(() => undefined)
    }
  }

  private cut(signal: AbortSignal): unknown {
    return broken(undefined, this.source.path, this.address, this.options.network, signal)
  }

  private tooMany(): StoreFailure {
    return new StoreFailure(
      'wrong-hash',
      `${this.source.path} is not what was published: more bytes came than the hub said it has.`,
    )
  }
}
