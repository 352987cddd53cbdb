import type { Demonstration, Mode } from '../domain/task'
import type { ModelSummary } from '../engine/contract'
import type { SettingsRecord } from '../storage/settings-record'

export type ModeChoice = Pick<SettingsRecord, 'mode' | 'k' | 'policy' | 'seed'>

/**
 * The mode that the settings ask for; undefined when it is fine-tuned and the model has no adapter. A classifier can be asked
 * in one way only, whatever they ask for.
 */
export function chosenMode(
  choice: ModeChoice,
  { modes, adapters }: Pick<ModelSummary, 'modes' | 'adapters'>,
  pool: readonly Demonstration[],
): Mode | undefined {
  if (modes.includes('as-trained')) return { kind: 'as-trained' }
  switch (choice.mode) {
    case 'zero-shot':
      return { kind: 'zero-shot' }
    case 'k-shot':
      return { kind: 'k-shot', k: choice.k, policy: choice.policy, seed: choice.seed, pool }
    case 'fine-tuned': {
      const [adapter] = adapters
      return adapter === undefined ? undefined : { kind: 'fine-tuned', adapter }
    }
  }
}

/** The mode in which a model's speed and answers are tried: its best. */
export function trialMode({ modes, adapters }: Pick<ModelSummary, 'modes' | 'adapters'>): Mode {
  if (modes.includes('as-trained')) return { kind: 'as-trained' }
  const [adapter] = adapters
  return adapter === undefined ? { kind: 'zero-shot' } : { kind: 'fine-tuned', adapter }
}

/** Whether the settings ask for what `mode` was; the seed counts only where it is used. */
export function isSameMode(choice: ModeChoice, mode: Mode): boolean {
  if (mode.kind === 'as-trained') return true
  if (mode.kind !== choice.mode) return false
  if (mode.kind !== 'k-shot') return true
  const isSeeded = mode.policy !== 'similar'
  return mode.k === choice.k && mode.policy === choice.policy && (!isSeeded || mode.seed === choice.seed)
}

/** A mode in a few words, e.g. `5-shot`. */
export const modeName = (mode: Mode): string => (mode.kind === 'k-shot' ? `${mode.k}-shot` : mode.kind)

/** The mode that the settings ask for, in the same words. */
export const choiceName = ({ mode, k }: Pick<ModeChoice, 'mode' | 'k'>): string =>
  mode === 'k-shot' ? `${k}-shot` : mode

/** Names what the time of a run depends on, in storage and between runs. */
export function rateKeyOf(
  { model, backend, batching }: Pick<ModelSummary, 'model' | 'backend' | 'batching'>,
  mode: Mode,
): string {
  const demonstrations = mode.kind === 'k-shot' ? [mode.policy] : []
  return [model, modeName(mode), ...demonstrations, backend, batching].join(' · ')
}
