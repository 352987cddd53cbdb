import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults } from './faults'

/** Small enough that a slow connection is slow all the time. */
const PART_BYTES = 64 * 1024

/** Sends a file, or the range that was asked for, with whatever goes wrong on the way. */
export async function sendFile(
  { headers }: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array<ArrayBuffer>,
  faults: Faults,
  onSent: (count: number) => void,
): Promise<void> {
  const [, from = '0', to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
  const isPartial = faults.knowsRanges && headers.range !== undefined
  const start = isPartial ? Number(from) : 0
  const end = isPartial && to ? Math.min(Number(to) + 1, bytes.length) : bytes.length
  if (isPartial && start >= bytes.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` })
    response.end()
    return
  }
  response.writeHead(isPartial ? 206 : 200, {
    'Content-Length': end - start,
    'Content-Type': 'application/octet-stream',
    ...(faults.knowsRanges && { 'Accept-Ranges': 'bytes' }),
    ...(isPartial && { 'Content-Range': `bytes ${start}-${end - 1}/${bytes.length}` }),
  })
  const isStalled = faults.stalls > 0
  if (isStalled) faults.stalls -= 1
  const cut = faults.cuts.shift()
  const last = isStalled ? start + 1 : Math.min(end, start + (cut ?? Infinity))
  const isGone = () => response.destroyed
  for (let offset = start; offset < last;) {
    if (isGone()) return
    const part = bytes.subarray(offset, Math.min(last, offset + PART_BYTES))
    const isTaken = response.write(part)
    offset += part.length
    onSent(part.length)
    if (!isTaken && !isGone()) await drained(response)
    if (faults.bytesPerSecond !== undefined)
      await new Promise((resolve) =>
        setTimeout(resolve, (part.length / (faults.bytesPerSecond ?? Infinity)) * 1_000),
      )
  }
  if (isStalled) return
  if (last === end) response.end()
  // Not before what was written has left.
  else response.write('', () => response.destroy())
}

/** Resolves when more can be written, or nothing more has to be. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
