import { EngineFailure } from './engine-failure'
import type { LoadedModel } from './loaded-model'

interface Entry {
  model: LoadedModel
  users: number
  isLeaving: boolean
  /** What nobody needs once the jobs of now have ended. */
  readonly retired: (() => Promise<void>)[]
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
    this.entries.set(name, { model, users: 0, isLeaving: false, retired: [] })
    await leave(earlier)
  }

  /** Removes a model; an unknown name is ignored. */
  async remove(name: string): Promise<void> {
    const entry = this.entries.get(name)
    this.entries.delete(name)
    await leave(entry)
  }

  /** Changes a model for the jobs to come; those of now go on with what they began with, and `letGo` waits for them. */
  async change(name: string, model: LoadedModel, letGo: () => Promise<void>): Promise<void> {
    const entry = this.find(name)
    entry.model = model
    entry.retired.push(letGo)
    await letGoIfUnused(entry)
  }

  /** Runs a job on a model, which stays usable until the job ends. @throws EngineFailure `invalid-request` when not loaded */
  async use<T>(name: string, work: (model: LoadedModel) => Promise<T>): Promise<T> {
    const entry = this.find(name)
    entry.users += 1
    try {
      return await work(entry.model)
    } finally {
      entry.users -= 1
      await letGoIfUnused(entry)
    }
  }

  private find(name: string): Entry {
    const entry = this.entries.get(name)
    if (!entry) throw new EngineFailure('invalid-request', `The model ${name} is not loaded. Load it first.`)
    return entry
  }
}

async function leave(entry: Entry | undefined): Promise<void> {
  if (!entry) return
  entry.isLeaving = true
  await letGoIfUnused(entry)
}

async function letGoIfUnused({ model, users, isLeaving, retired }: Entry): Promise<void> {
  if (users > 0) return
  for (const letGo of retired.splice(0)) await letGo()
  if (isLeaving) await model.scorer.dispose()
}
