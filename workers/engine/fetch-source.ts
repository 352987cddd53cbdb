import { parseModelManifest } from '../formats/model-manifest'
import { EngineFailure } from './engine-failure'
import type { ModelSource, ReadOptions } from './model-source'

/** A manifest lists some dozen files; a longer one is not a manifest. */
const maxManifestBytes = 2 ** 20

/** Reads models from folders below `base`, e.g. `https://host/models/`; the worker's policy allows no other origin than its own. */
export function createFetchSource(base: URL): ModelSource {
  const address = (model: string, path: string) => new URL(`${encodeURIComponent(model)}/${path}`, base)
  return {
    async manifest(model, signal) {
      const options = { sizeBytes: maxManifestBytes, onBytes: () => undefined, signal }
      const bytes = await fetchBytes(address(model, 'model.json'), options)
      return parseModelManifest(bytes, `${model}/model.json`)
    },
    read: (model, { path, sizeBytes }, options) =>
      fetchBytes(address(model, path), { ...options, sizeBytes }),
  }
}

interface FetchOptions extends ReadOptions {
  /** More than this is not read. */
  readonly sizeBytes: number
}

async function fetchBytes(url: URL, options: FetchOptions): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url, { signal: options.signal })
    if (!response.ok || !response.body)
      throw unavailable(url, `the server answered ${String(response.status)}`)
    return await collect(response.body, options)
  } catch (cause) {
    if (cause instanceof EngineFailure) throw cause
    if (options.signal.aborted) throw new EngineFailure('cancelled', 'Stopped as asked.')
    throw unavailable(url, cause instanceof Error ? cause.message : String(cause))
  }
}

/** Joins the parts of a body as they arrive; stops as soon as there are more bytes than were announced. */
async function collect(
  body: ReadableStream<Uint8Array>,
  { sizeBytes, onBytes }: FetchOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  const reader = body.getReader()
  let received = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    received += value.length
    onBytes(value.length)
    if (received > sizeBytes) {
      await reader.cancel()
      break
    }
  }
  const joined = new Uint8Array(received)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

const unavailable = (url: URL, reason: string): EngineFailure =>
  new EngineFailure(
    'model-unavailable',
    `${url.pathname} could not be fetched: ${reason}. Check the connection and try again.`,
  )
