import type { Server } from 'node:http'

/** An answer of the server with a body. */
export interface Transfer {
  readonly path: string
  /** Of the body as sent, compressed where it was. */
  readonly bytes: number
  /** Milliseconds since the epoch at which the request came. */
  readonly atMs: number
}

/** Writes down what a server sends from now on. */
export function watchTraffic(server: Server): Transfer[] {
  const transfers: Transfer[] = []
  server.prependListener('request', (request, response) => {
    const atMs = Date.now()
    response.once('finish', () => {
      const bytes = Number(response.getHeader('content-length') ?? 0)
      const path = (request.url ?? '/').replace(/[?#].*$/, '')
      if (response.statusCode === 200) transfers.push({ path, bytes, atMs })
    })
  })
  return transfers
}

export const isScript = (path: string): boolean => /\.m?js$/.test(path)
/** ONNX Runtime's own files. */
export const isRuntime = (path: string): boolean => path.startsWith('/ort/')

export const sumBytes = (transfers: readonly Transfer[]): number =>
  transfers.reduce((sum, { bytes }) => sum + bytes, 0)
