import type { EngineClient } from '../engine/engine-client'
import type { WrittenModels } from './written-models.svelte'

/** Nobody needs it before the first prediction. */
export const loadWrittenModels = async () => {
  const [{ WrittenModels }, { packTar }] = await Promise.all([
    import('./written-models.svelte'),
    import('./tar'),
  ])
  return (engine: EngineClient): WrittenModels => new WrittenModels({ engine, pack: packTar })
}

/** One for the page, made when it is first asked for; a failed fetch is tried again. */
export function lateWrittenModels(engine: EngineClient): () => Promise<WrittenModels> {
  let made: Promise<WrittenModels> | undefined
  return () =>
    (made ??= loadWrittenModels().then(
      (make) => make(engine),
      (error: unknown) => {
        made = undefined
        throw error
      },
    ))
}
