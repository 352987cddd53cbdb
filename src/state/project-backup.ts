/** Projects as files: out of this browser, and back in. Fetched when the first is wanted. */
import { openProjectFile, ProjectFileError, writeProjectFile } from '../storage/project-file'
import type { ShelvedProject } from '../storage/project-record'
import type { ProjectShelf } from '../storage/project-shelf'
import type { ProjectList } from './project-list.svelte'

export interface BackupParts {
  readonly shelf: ProjectShelf
  readonly list: ProjectList
  readonly newId: () => string
  /** Milliseconds since 1970. */
  readonly today: () => number
  /** `name`, or one like it that no project has. */
  readonly freeName: (name: string) => string
  /** Is told how much is done, 0 to 1. */
  readonly onShare: (share: number) => void
}

/** What went wrong, in two parts: what could not be done, and why and what now. */
export interface ProjectTrouble {
  readonly title: string
  readonly message: string
}

/** A file that was restored. */
export interface Restored {
  /** The project it became. */
  readonly slot: string
  readonly name: string
  /** A project of the same id was here already, and is as it was. */
  readonly sameAs: ShelvedProject | undefined
}

/** The project as one file; none where it could not be read. Trouble beside a file says what it lacks. */
export async function backUp(
  { shelf, list, onShare }: BackupParts,
  slot: string,
): Promise<{ readonly file?: Blob; readonly trouble?: ProjectTrouble }> {
  // Every copy of a project is to have one id, the first project's too, which is stored late.
  let head = list.find(slot)?.head
  const name = head?.name ?? 'The project'
  try {
    await shelf.storeFirst()
    await list.refresh()
    head = list.find(slot)?.head
    if (!head) return { trouble: { title: `${name} could not be backed up.`, message: 'It is gone.' } }
    const keys = await shelf.keysOf(slot)
    const leftOut: string[] = []
    const records = counted(shelf.recordsOf(slot, keys), keys.length, onShare)
    const file = await writeProjectFile(head, records, (key) => leftOut.push(key))
    if (leftOut.length === 0) return { file }
    return { file, trouble: { title: `${name} was backed up in part.`, message: leftOutWords(leftOut) } }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `It could not be read whole: ${reason}`
    return { trouble: { title: `${name} could not be backed up.`, message } }
  }
}

/** Makes a project of a file. No project that is here is changed: one of the same id stays beside it. */
export async function restore(
  parts: BackupParts,
  file: Blob,
  refused: string,
): Promise<{ readonly restored: Restored } | { readonly trouble: ProjectTrouble }> {
  const { shelf, list, newId, today, freeName, onShare } = parts
  const title = `${file instanceof File ? file.name : 'The file'} could not be restored.`
  try {
    const { head, records } = await openProjectFile(file, (bytes) => onShare(bytes / file.size))
    const sameAs = list.all.find((each) => each.head.id === head.id)
    const slot = newId()
    const name = freeName(head.name)
    const project = { slot, head: { ...head, id: sameAs ? slot : head.id, name, isArchived: false } }
    const isMade = await shelf.add<true>(project, today(), async (put) => {
      for await (const { key, value } of records) await put(key, value)
      return true
    })
    return isMade ? { restored: { slot, name, sameAs } } : { trouble: { title, message: refused } }
  } catch (error) {
    if (!(error instanceof ProjectFileError)) throw error
    return { trouble: { title, message: `${error.message} Nothing was changed here.` } }
  }
}

async function* counted<T>(
  records: AsyncIterable<T>,
  total: number,
  onShare: (share: number) => void,
): AsyncGenerator<T> {
  let done = 0
  for await (const record of records) {
    yield record
    done += 1
    onShare(done / total)
  }
}

const leftOutWords = (keys: readonly string[]): string =>
  `The file lacks ${keys.length} of its records, which this page cannot read: ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', …' : ''}.`
