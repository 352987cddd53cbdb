import { freeName, newHead, type ProjectTask } from '../domain/project'
import type { ShelvedProject } from '../storage/project-record'
import type { ProjectShelf } from '../storage/project-shelf'
import type { Notes } from './notes.svelte'
import type * as Backup from './project-backup'
import type { BackupParts, ProjectTrouble, Restored } from './project-backup'
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
export const loadBackup = (): Promise<typeof Backup> => import('./project-backup')

/** What came of the newest back-up or restoring, to be said where it was asked for. */
export type ProjectsSaid =
  { readonly kind: 'restored'; readonly restored: Restored } | ({ readonly kind: 'trouble' } & ProjectTrouble)

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
      await this.#settled(slot)
      const { backUp } = await loadBackup()
      const { file, trouble } = await backUp(this.#backupParts(work), slot)
      if (trouble) this.#said = { kind: 'trouble', ...trouble }
      return file
    })
  }

  /** Makes a project of a file and opens it. No project that is here is changed: one of the same id stays beside it. */
  restore(file: Blob): Promise<void> {
    const work = { kind: 'restoring', name: file instanceof File ? file.name : 'a project' } as const
    return this.#do(work, async () => {
      const { restore } = await loadBackup()
      const outcome = await restore(this.#backupParts(work), file, REFUSED)
      if ('trouble' in outcome) {
        this.#said = { kind: 'trouble', ...outcome.trouble }
        return
      }
      await this.list.tell()
      await this.#open(outcome.restored.slot)
      this.#said = { kind: 'restored', restored: outcome.restored }
    })
  }

  #backupParts(work: ProjectWork): BackupParts {
    const onShare = (done: number): void => {
      const share = Math.floor(done * 100) / 100
      if (share !== this.#work?.share) this.#work = { ...work, share }
    }
    return { ...this.#parts, freeName: (name) => this.#freeName(name), onShare }
  }

  async #open(slot: string): Promise<void> {
    await this.current.leave()
    const opened = await this.#parts.compose(this.list.opened(slot))
    // What is shown is what a reload shows.
    await this.#parts.shelf.remember(slot)
    this.#current = opened
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

  /** What is stored of a project is all there is of it; a run that goes on is held, for its records would change on the way. */
  async #settled(slot: string): Promise<void> {
    if (slot !== this.current.project.slot) return
    await this.current.run.leave()
    await this.current.input.stored()
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

function chosen({ all }: ProjectList, slot: string | undefined): ShelvedProject {
  const project = all.find((each) => each.slot === slot) ?? all.find(({ head }) => !head.isArchived) ?? all[0]
  if (!project) throw new RangeError('There is no project.')
  return project
}
