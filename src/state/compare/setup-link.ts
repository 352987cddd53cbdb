/**
 * Set-ups as a part of the page's address, which no server sees, and back: models, settings and the project's task, never texts or
 * demonstrations.
 */
import * as v from 'valibot'
import type { ProjectTask } from '../../domain/project'
import { failure, success, type Outcome } from '../../domain/outcome'
import { setupChoiceSchema, type SetupChoice } from '../../storage/compare-record'
import { handedOnTaskSchema, type HandedOnTask } from '../../storage/handed-on-task'
import { isSameChoice } from './same-choice'

const BEGIN = '#compare?setups='

/** More than any page makes. */
const CHARACTERS = 65_536
const SETUPS = 100

const setupsSchema = v.pipe(v.array(setupChoiceSchema), v.minLength(1), v.maxLength(SETUPS))
const linkSchema = v.union([
  v.object({ setups: setupsSchema, task: handedOnTaskSchema }),
  // Links were once made without the task.
  v.pipe(
    setupsSchema,
    v.transform((setups): LinkedSetups => ({ setups })),
  ),
])

export interface LinkedSetups {
  readonly setups: readonly SetupChoice[]
  /** Of the project that they stand in. Left out, it is not known. */
  readonly task?: HandedOnTask
}

/** The address of a page that has these set-ups side by side, in a project with that task. */
export function linkTo(
  setups: readonly SetupChoice[],
  task: ProjectTask | undefined,
  address: string,
): string {
  const choices = setups.map((setup) => v.parse(setupChoiceSchema, setup))
  const linked = JSON.stringify({ setups: choices, task: task ?? null })
  return new URL(`${BEGIN}${encodeURIComponent(linked)}`, address).href
}

/** What the address names; undefined where it names no set-ups, a sentence where it cannot be read. */
export function linkedSetups(hash: string): Outcome<LinkedSetups, string> | undefined {
  if (!hash.startsWith(BEGIN)) return undefined
  const parsed =
    hash.length > CHARACTERS ? undefined : v.safeParse(linkSchema, json(hash.slice(BEGIN.length)))
  return parsed?.success
    ? success(parsed.output)
    : failure(
        'The link names set-ups that this page cannot read: it was cut off or changed, or comes from another version of this page. Ask for it again.',
      )
}

function json(encoded: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(encoded))
  } catch {
    return undefined
  }
}

/** Those that do not stand beside each other yet. */
export function missingSetups(
  linked: readonly SetupChoice[],
  present: readonly SetupChoice[],
): readonly SetupChoice[] {
  const missing: SetupChoice[] = []
  for (const choice of linked)
    if (![...present, ...missing].some((known) => isSameChoice(known, choice))) missing.push(choice)
  return missing
}
