import { freeName, newHead, type ProjectTask } from '../domain/project'
import type * as ProjectFile from '../storage/project-file'
import type { ProjectShelf, ShelvedProject } from '../storage/project-shelf'
import type { Notes } from './notes.svelte'
import type { OpenProject, ProjectList } from './project-list.svelte'
import type { Smallcap } from './smallcap.svelte'

/** What is being done with projects; one thing at a time. */
export interface ProjectWork {
  readonly kind: 'opening' | 'making' | 'deleting' | 'backing up' | 'restoring'
  /** The project's name. */
  readonly name: string
  /** Done so far, 0 to 1, where that is known. */
  readonly share?: number
}

export interface ProjectsParts {
  readonly shelf: ProjectShelf
  readonly list: ProjectList
  readonly notes: Notes
  readonly newId: () => string
  /** Milliseconds since 1970. */
  readonly today: () => number
  /** Reads what is stored of a project and makes the page's state of it. */
  readonly compose: (project: OpenProject) => Promise<Smallcap>
}

/** Reads and writes files of projects, which nobody needs before there is one. */
export const loadProjectFile = (): Promise<typeof ProjectFile> => import('../storage/project-file')

/** A file that was restored. */
export interface Restored {
  /** The project it became. */
  readonly slot: string
  readonly name: string
  /** A project of the same id was here already, and is as it was. */
  readonly sameAs: ShelvedProject | undefined
}

/** What came of the newest back-up or restoring, to be said where it was asked for. */
export type ProjectsSaid =
  | { readonly kind: 'restored'; readonly restored: Restored }
  | { readonly kind: 'trouble'; readonly title: string; readonly message: string }

const REFUSED = 'This browser refuses to store another project. Free some room, or leave the private window.'

/** The projects, one of which is open. */
export class Projects {
  readonly #parts: ProjectsParts
  readonly list: ProjectList
  #current = $state.raw<Smallcap>()
  #work = $state.raw<ProjectWork>()
  #said = $state.raw<ProjectsSaid>()
  /** Ends before the next begins. */
  #last: Promise<unknown> = Promise.resolve()

  /** Opens the project that was open last, or the first that is not archived. */
  static async begin(parts: ProjectsParts, slot: string | undefined): Promise<Projects> {
    const project = chosen(parts.list, slot)
    return new Projects(parts, await parts.compose(parts.list.opened(project.slot)))
  }

  private constructor(parts: ProjectsParts, current: Smallcap) {
    this.#parts = parts
    this.list = parts.list
    this.#current = current
    parts.list.onChange(() => void this.#follow())
  }

  /** The state of the page over the project that is open. */
  get current(): Smallcap {
    if (!this.#current) throw new Error('No project is open.')
    return this.#current
  }
  get work() {
    return this.#work
  }

  get said() {
    return this.#said
  }
  forgetSaid(): void {
    this.#said = undefined
  }

  /** Removes what is left of projects whose making was cut off in an earlier visit. */
  tidy(): Promise<void> {
    return this.#parts.shelf.dropDrafts(this.#parts.today())
  }

  /** Opens a project; what runs in the one before is held and stored. */
  async open(slot: string): Promise<void> {
    const project = this.list.find(slot)
    if (!project || slot === this.current.project.slot) return
    await this.#do({ kind: 'opening', name: project.head.name }, () => this.#open(slot))
  }

  /** Makes a project without texts and opens it; answers whether it could be stored. */
  create(name: string, task?: ProjectTask): Promise<boolean> {
    const head = newHead(this.#parts.newId(), this.#freeName(name), this.#parts.today())
    const project = { slot: head.id, head: { ...head, ...(task && { task }) } }
    return this.#do({ kind: 'making', name: head.name }, async () => {
      const isMade = await this.#parts.shelf.add<true>(project, this.#parts.today(), async (put) => {
        await put('text', { version: 1, text: '' })
        return true
      })
      return this.#made(isMade, project.slot)
    })
  }

  /** Makes another project with the same texts, labels and runs, and opens it; answers whether it could be stored. */
  async duplicate(slot: string): Promise<boolean> {
    const from = this.list.find(slot)
    if (!from) return false
    const at = this.#parts.today()
    const name = this.#freeName(`${from.head.name}, copy`)
    const head = {
      ...from.head,
      id: this.#parts.newId(),
      name,
      createdAt: at,
      changedAt: at,
      isArchived: false,
    }
    return this.#do({ kind: 'making', name }, async () => {
      await this.#settled(slot)
      return this.#made(await this.#parts.shelf.copy(slot, { slot: head.id, head }, at), head.id)
    })
  }

  /** Removes a project for ever; another is opened where it was the open one. The only one stays. */
  async remove(slot: string): Promise<void> {
    const project = this.list.find(slot)
    const other = this.list.all.find((each) => each.slot !== slot)
    if (!project || !other) return
    await this.#do({ kind: 'deleting', name: project.head.name }, async () => {
      if (slot === this.current.project.slot) await this.#open(other.slot)
      if (!(await this.#parts.shelf.remove(slot)))
        this.#parts.notes.add(
          `${project.head.name} could not be deleted: this browser refused. It is as it was.`,
        )
      await this.list.tell()
    })
  }

  /** A project as one file, to keep or to hand on; undefined where it could not be read, which is said. */
  backUp(slot: string): Promise<Blob | undefined> {
    const work = { kind: 'backing up', name: this.list.find(slot)?.head.name ?? '' } as const
    return this.#do(work, async () => {
      const { shelf } = this.#parts
      try {
        const { writeProjectFile } = await loadProjectFile()
        await this.#settled(slot)
        // Every copy of a project is to have one id, the first project's too, which is stored late.
        await shelf.storeFirst()
        await this.list.refresh()
        const project = this.list.find(slot)
        if (!project) return undefined
        const keys = await shelf.keysOf(slot)
        const leftOut: string[] = []
        const records = this.#counted(shelf.recordsOf(slot, keys), work, keys.length)
        const file = await writeProjectFile(project.head, records, (key) => leftOut.push(key))
        if (leftOut.length > 0) this.#trouble(`${work.name} was backed up in part.`, leftOutWords(leftOut))
        return file
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        this.#trouble(`${work.name} could not be backed up.`, `It could not be read whole: ${reason}`)
        return undefined
      }
    })
  }

  /** Makes a project of a file and opens it. No project that is here is changed: one of the same id stays beside it. */
  restore(file: Blob): Promise<void> {
    const name = file instanceof File ? file.name : 'a project'
    return this.#do({ kind: 'restoring', name }, async () => {
      const { openProjectFile, ProjectFileError } = await loadProjectFile()
      const title = `${name} could not be restored.`
      try {
        const opened = await openProjectFile(file, (bytes) => {
          this.#work = { kind: 'restoring', name, share: bytes / file.size }
        })
        const restored = await this.#restored(opened)
        if (restored) this.#said = { kind: 'restored', restored }
        else this.#trouble(title, REFUSED)
      } catch (error) {
        if (!(error instanceof ProjectFileError)) throw error
        this.#trouble(title, `${error.message} Nothing was changed here.`)
      }
    })
  }

  async #restored({ head, records }: ProjectFile.OpenedProjectFile): Promise<Restored | undefined> {
    const { shelf, newId, today } = this.#parts
    const sameAs = this.list.all.find((each) => each.head.id === head.id)
    const slot = newId()
    const id = sameAs ? slot : head.id
    const name = this.#freeName(head.name)
    const project = { slot, head: { ...head, id, name, isArchived: false } }
    const isMade = await shelf.add<true>(project, today(), async (put) => {
      for await (const { key, value } of records) await put(key, value)
      return true
    })
    if (!isMade) return undefined
    await this.list.tell()
    await this.#open(slot)
    return { slot, name, sameAs }
  }

  async *#counted<T>(records: AsyncIterable<T>, work: ProjectWork, total: number): AsyncGenerator<T> {
    let done = 0
    for await (const record of records) {
      yield record
      done += 1
      const share = Math.floor((done / total) * 100) / 100
      if (share !== this.#work?.share) this.#work = { ...work, share }
    }
  }

  #trouble(title: string, message: string): void {
    this.#said = { kind: 'trouble', title, message }
  }

  async #open(slot: string): Promise<void> {
    await this.current.leave()
    this.#current = await this.#parts.compose(this.list.opened(slot))
    this.#parts.shelf.remember(slot)
    void this.#current.start()
  }

  async #made(isMade: true | undefined, slot: string): Promise<boolean> {
    if (!isMade) {
      this.#parts.notes.add(REFUSED)
      return false
    }
    await this.list.tell()
    await this.#open(slot)
    return true
  }

  /** Another tab changed the list: where it removed the open project, another is opened, and nothing is left of that one. */
  async #follow(): Promise<void> {
    const { slot, head } = this.current.project
    if (this.list.find(slot) || this.#work?.kind === 'deleting') return
    this.#parts.notes.add(`${head.name} was deleted in another tab.`)
    await this.#do({ kind: 'opening', name: head.name }, async () => {
      if (this.current.project.slot !== slot) return
      await this.#open(chosen(this.list, undefined).slot)
      await this.#parts.shelf.clear(slot)
    })
  }

  /** What is stored of a project is all there is of it. */
  async #settled(slot: string): Promise<void> {
    if (slot === this.current.project.slot) await this.current.input.stored()
  }

  #freeName(name: string): string {
    return freeName(
      name,
      this.list.all.map(({ head }) => head.name),
    )
  }

  #do<T>(work: ProjectWork, run: () => Promise<T>): Promise<T> {
    const done = this.#last.then(async () => {
      this.#work = work
      this.#said = undefined
      try {
        return await run()
      } finally {
        this.#work = undefined
      }
    })
    this.#last = done.catch(() => undefined)
    return done
  }
}

const leftOutWords = (keys: readonly string[]): string =>
  `The file lacks ${keys.length} of its records, which this page cannot read: ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', …' : ''}.`

function chosen({ all }: ProjectList, slot: string | undefined): ShelvedProject {
  const project = all.find((each) => each.slot === slot) ?? all.find(({ head }) => !head.isArchived) ?? all[0]
  if (!project) throw new RangeError('There is no project.')
  return project
}
