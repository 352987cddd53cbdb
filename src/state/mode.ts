import type { Demonstration, Mode } from '../domain/task'
import type { ModelSummary } from '../engine/contract'
import type { SettingsRecord } from '../storage/settings-record'

export type ModeChoice = Pick<SettingsRecord, 'mode' | 'adapter' | 'k' | 'policy' | 'seed'>

/** Which of the modes a person can choose among a loaded model has; none for a classifier, which is asked as it was trained. */
export function offeredModes({ modes, adapters }: Pick<ModelSummary, 'modes' | 'adapters'>) {
  const isOffered = (mode: ModeChoice['mode']) =>
    modes.includes(mode) && (mode !== 'fine-tuned' || adapters.length > 0)
  return (['zero-shot', 'k-shot', 'fine-tuned'] as const).filter(isOffered)
}

/** The adapter that the settings ask a model for: the picked one where it has it, else its first. */
const pickedAdapter = (adapter: string | null, adapters: readonly string[]): string | null =>
  adapter !== null && adapters.includes(adapter) ? adapter : (adapters[0] ?? null)

/** What the settings come to with a model: a mode that it does not have is zero-shot. Its adapter is null until it is known. */
export function settledChoice(
  choice: ModeChoice,
  model: Pick<ModelSummary, 'modes' | 'adapters'> | undefined,
): ModeChoice {
  const { mode, k, policy, seed } = choice
  const isOffered = !model || offeredModes(model).includes(mode)
  const adapter = model ? pickedAdapter(choice.adapter, model.adapters) : null
  return { mode: isOffered ? mode : 'zero-shot', adapter, k, policy, seed }
}

/** The mode that the settings ask a model for. A classifier can be asked in one way only, whatever they say. */
export function chosenMode(
  choice: ModeChoice,
  { modes, adapters }: Pick<ModelSummary, 'modes' | 'adapters'>,
  pool: readonly Demonstration[],
): Mode {
  if (modes.includes('as-trained')) return { kind: 'as-trained' }
  const { mode, adapter } = settledChoice(choice, { modes, adapters })
  switch (mode) {
    case 'zero-shot':
      return { kind: 'zero-shot' }
    case 'k-shot':
      return { kind: 'k-shot', k: choice.k, policy: choice.policy, seed: choice.seed, pool }
    case 'fine-tuned':
      return adapter === null ? { kind: 'zero-shot' } : { kind: 'fine-tuned', adapter }
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
  if (mode.kind === 'fine-tuned') return choice.adapter === null || choice.adapter === mode.adapter
  if (mode.kind !== 'k-shot') return true
  const isSeeded = mode.policy !== 'similar'
  return mode.k === choice.k && mode.policy === choice.policy && (!isSeeded || mode.seed === choice.seed)
}

/** A mode in a few words, e.g. `5-shot` or `fine-tuned with finance`. */
export function modeName(mode: Mode): string {
  if (mode.kind === 'fine-tuned') return `${mode.kind} with ${mode.adapter}`
  return kindName(mode)
}

function kindName(mode: Mode): string {
  if (mode.kind === 'as-trained') return 'as trained'
  return mode.kind === 'k-shot' ? `${mode.k}-shot` : mode.kind
}

/** The mode that the settings come to with the model, once that is known, in the same words. */
export function choiceName(
  choice: ModeChoice,
  model: Pick<ModelSummary, 'modes' | 'adapters'> | undefined,
): string {
  if (model?.modes.includes('as-trained')) return 'as trained'
  const { mode, k, adapter } = settledChoice(choice, model)
  if (mode === 'k-shot') return `${k}-shot`
  // The only one there is goes without saying.
  const isOneOfSeveral = mode === 'fine-tuned' && adapter !== null && (model?.adapters.length ?? 0) > 1
  return isOneOfSeveral ? `${mode} with ${adapter}` : mode
}

/** Names what the time of a run depends on, in storage and between runs. */
export function rateKeyOf(
  { model, backend, batching }: Pick<ModelSummary, 'model' | 'backend' | 'batching'>,
  mode: Mode,
): string {
  const demonstrations = mode.kind === 'k-shot' ? [mode.policy] : []
  return [model, kindName(mode), ...demonstrations, backend, batching].join(' · ')
}
