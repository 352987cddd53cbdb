/**
 * Set-ups as a part of the page's address, which no server sees, and back: models and settings, never texts, labels or
 * demonstrations.
 */
import * as v from 'valibot'
import { failure, success, type Outcome } from '../../domain/outcome'
import { setupChoiceSchema, type SetupChoice } from '../../storage/compare-record'
import { isSameChoice } from './same-choice'

const BEGIN = '#compare?setups='

/** More than any page makes. */
const CHARACTERS = 16_384

const linkSchema = v.pipe(v.array(setupChoiceSchema), v.minLength(1))

/** The address of a page that has these set-ups side by side. */
export function linkTo(setups: readonly SetupChoice[], address: string): string {
  const choices = setups.map((setup) => v.parse(setupChoiceSchema, setup))
  return new URL(`${BEGIN}${encodeURIComponent(JSON.stringify(choices))}`, address).href
}

/** The set-ups that the address names; undefined where it names none, a sentence where it cannot be read. */
export function linkedSetups(hash: string): Outcome<readonly SetupChoice[], string> | undefined {
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
