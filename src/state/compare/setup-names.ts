import type { ModelSummary } from '../../engine/contract'
import type { SetupRecord } from '../../storage/compare-record'
import { choiceName } from '../mode'

/** A set-up in a few words, e.g. `nano 5-shot, most similar`; what goes without saying is left out. */
export function setupName(
  setup: SetupRecord,
  modelName: string,
  summary: Pick<ModelSummary, 'modes' | 'adapters'> | undefined,
): string {
  const parts = [`${modelName} ${choiceName(setup, summary)}`]
  const isKShot = setup.mode === 'k-shot' && !summary?.modes.includes('as-trained')
  if (isKShot) parts.push(setup.policy === 'similar' ? 'most similar' : `${setup.policy}, seed ${setup.seed}`)
  if (setup.template === 'model') parts.push('own template')
  if (setup.numberFormat !== null) parts.push(setup.numberFormat)
  return parts.join(', ')
}

/** The names with a number behind those that would be the same. */
export function distinctNames(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>()
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
}
