import { EngineFailure } from './engine-failure'
import type { LoadedModel } from './loaded-model'

interface Entry {
  readonly model: LoadedModel
  users: number
  isReplaced: boolean
}

/** The models loaded last, one per name. A replaced one is let go when the last job that uses it has ended. */
export class ModelShelf {
  private readonly entries = new Map<string, Entry>()

  get(name: string): LoadedModel | undefined {
    return this.entries.get(name)?.model
  }

  /** Puts a model in the place of an earlier one of its name. */
  async put(name: string, model: LoadedModel): Promise<void> {
    const earlier = this.entries.get(name)
    this.entries.set(name, { model, users: 0, isReplaced: false })
    if (!earlier) return
    earlier.isReplaced = true
    await letGoIfUnused(earlier)
  }

  /** Runs a job on a model, which stays usable until the job ends. @throws EngineFailure `invalid-request` when not loaded */
  async use<T>(name: string, work: (model: LoadedModel) => Promise<T>): Promise<T> {
    const entry = this.entries.get(name)
    if (!entry) throw new EngineFailure('invalid-request', `The model ${name} is not loaded. Load it first.`)
    entry.users += 1
    try {
      return await work(entry.model)
    } finally {
      entry.users -= 1
      await letGoIfUnused(entry)
    }
  }
}

async function letGoIfUnused({ model, users, isReplaced }: Entry): Promise<void> {
  if (isReplaced && users === 0) await model.scorer.dispose()
}
