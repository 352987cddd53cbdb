import { parseModelManifest } from '../formats/model-manifest'
import type { KeptFiles } from '../kept/kept-files'
import { EngineFailure } from './engine-failure'
import type { ModelSource } from './model-source'

/** Reads the models that a person has stored, whose ids have a colon, from this browser, and all others from `page`. */
export function createStoredSource(
  kept: KeptFiles,
  page: ModelSource,
  /** Milliseconds since 1970. */
  now: () => number,
): ModelSource {
  const isStored = (model: string) => model.includes(':')
  return {
    async manifest(model, signal) {
      if (!isStored(model)) return page.manifest(model, signal)
      const bytes = await kept.readManifest(model)
      if (!bytes)
        throw new EngineFailure(
          'model-unavailable',
          `The model ${model} is not stored in this browser, or not all of it. Download it under Models.`,
        )
      return parseModelManifest(bytes, `${model}/model.json`)
    },
    async read(model, file, options) {
      if (!isStored(model)) return page.read(model, file, options)
      // Asked for afresh, the bytes did not have their hash: there is nowhere else to take them from here.
      const bytes = options.isFresh ? undefined : await kept.read(file.sha256)
      if (!bytes)
        throw new EngineFailure(
          'model-unavailable',
          `${file.path} of ${model} was damaged in this browser's storage. Verify the model under Models, and download what is damaged again.`,
        )
      options.onBytes(bytes.length)
      return bytes
    },
    keep(model, files) {
      if (!isStored(model)) page.keep?.(model, files)
      else kept.noteUse(model, now()).catch(() => undefined)
    },
  }
}
