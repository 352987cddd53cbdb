import type { KeptFiles } from '../kept/kept-files'
import type { ModelSource } from './model-source'

/** Reads files that were kept in this browser, fetches the others from `origin`, and keeps them for the next time. */
export function createKeepingSource(
  origin: ModelSource,
  kept: KeptFiles,
  /** Milliseconds since 1970. */
  now: () => number,
): ModelSource {
  const fetched = new Set<string>()
  return {
    manifest: (model, signal) => origin.manifest(model, signal),
    async read(model, file, options) {
      const bytes = options.isFresh ? undefined : await kept.read(file.sha256)
      if (!bytes) {
        fetched.add(file.sha256)
        return origin.read(model, file, options)
      }
      options.onBytes(bytes.length)
      return bytes
    },
    keep(model, files) {
      const fresh = files.filter(({ file }) => fetched.delete(file.sha256))
      const bytes = new Map(fresh.map(({ file, bytes }) => [file.sha256, bytes]))
      // Nobody waits for it: where a browser refuses to store, the model is fetched again the next time.
      void Promise.all([
        fresh.length > 0 &&
          kept.keep(
            model,
            files.map(({ file }) => file),
            bytes,
          ),
        kept.noteUse(model, now()),
      ]).catch(() => undefined)
    },
  }
}
