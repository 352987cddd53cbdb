import { EngineFailure } from './engine-failure'
import type { LoadedModel } from './load-model'

interface Entry {
  readonly model: LoadedModel
  users: number
  isLeaving: boolean
}

/** The models loaded last, one per name. One that was replaced or removed is let go when the last job that uses it has ended. */
export class ModelShelf {
  private readonly entries = new Map<string, Entry>()

  get(name: string): LoadedModel | undefined {
    return this.entries.get(name)?.model
  }

  /** Puts a model in the place of an earlier one of its name. */
  async put(name: string, model: LoadedModel): Promise<void> {
    const earlier = this.entries.get(name)
    this.entries.set(name, { model, users: 0, isLeaving: false })
    await leave(earlier)
  }

  /** Removes a model; an unknown name is ignored. */
  async remove(name: string): Promise<void> {
    const entry = this.entries.get(name)
    this.entries.delete(name)
    await leave(entry)
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

async function leave(entry: Entry | undefined): Promise<void> {
  if (!entry) return
  entry.isLeaving = true
  await letGoIfUnused(entry)
}

async function letGoIfUnused({ model, users, isLeaving }: Entry): Promise<void> {
  if (isLeaving && users === 0) await model.t5.dispose()
}
