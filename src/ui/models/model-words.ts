/** What is said of models, in words. */
import type { Work } from '../../state/models.svelte'
import type { ModelChoice, ModelKind, ModelOrigin, StoredModel } from '../../store/contract'
import { formatBytes, formatParameters, formatTimeLeft } from '../numbers'

const KINDS: Readonly<Record<ModelKind, string>> = {
  t5: 'T5',
  't5-onnx': 'T5 in ONNX',
  encoder: 'encoder classifier',
  adapter: 'LoRA adapter',
}

export const kindWords = (kind: ModelKind): string => KINDS[kind]

export function originWords(origin: ModelOrigin): string {
  switch (origin.kind) {
    case 'hub':
      return `${new URL(origin.base).host}, ${origin.revision} at ${origin.commit.slice(0, 7)}`
    case 'files':
      return `from ${origin.name}`
    case 'page':
      return 'comes with the page'
  }
}

/** Everything about a stored model in one line. */
export function modelFacts(model: StoredModel, parameters = model.parameters): string {
  const { kind, numberFormat, storedBytes, licence, origin, baseModel } = model
  return [
    kindWords(kind),
    numberFormat,
    ...(parameters === undefined ? [] : [formatParameters(parameters)]),
    formatBytes(storedBytes),
    ...(licence === undefined ? [] : [licence]),
    ...(baseModel === undefined ? [] : [`for ${baseModel}`]),
    originWords(origin),
  ].join(' · ')
}

/** Nothing but the person can bring its bytes again. */
export const isFromDevice = ({ origin }: Pick<StoredModel, 'origin'>): boolean => origin.kind === 'files'

export function stateWords(model: StoredModel): string {
  const { state, doneBytes, totalBytes } = model
  const what = phaseWords({ state, doneBytes, totalBytes })
  const isLeft = !['complete', 'downloading'].includes(state.phase)
  return isLeft && isFromDevice(model)
    ? `${what}. To go on, open the same folder or files again: what is there already is kept.`
    : what
}

function phaseWords({
  state,
  doneBytes,
  totalBytes,
}: Pick<StoredModel, 'state' | 'doneBytes' | 'totalBytes'>): string {
  const arrived = `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`
  switch (state.phase) {
    case 'complete':
      return 'complete'
    case 'downloading':
      return `downloading, ${arrived}`
    case 'paused':
      return `paused at ${arrived}`
    case 'interrupted':
      return `interrupted at ${arrived}${state.error ? `: ${state.error.message.replace(/\.$/, '')}` : ''}`
    case 'damaged':
      return 'damaged: some of its bytes were not as they came, and were let go'
  }
}

const VERBS: Readonly<Record<Work['kind'], string>> = {
  downloading: 'Downloading',
  verifying: 'Verifying',
  exporting: 'Exporting',
  importing: 'Importing',
}

/** How far something is, e.g. `Downloading 12.0 MB of 308 MB · 4.1 MB/s · 73 s left`. */
export function progressWords({ kind, progress }: Work): string {
  if (!progress) return VERBS[kind]
  const { doneBytes, totalBytes, bytesPerSecond, secondsLeft } = progress
  return [
    `${VERBS[kind]} ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
    ...(bytesPerSecond === undefined ? [] : [`${formatBytes(bytesPerSecond)}/s`]),
    ...(secondsLeft === undefined ? [] : [`${formatTimeLeft(secondsLeft * 1000)} left`]),
  ].join(' · ')
}

/** What a choice takes, e.g. `308 MB to download, 79 MB on this device`. */
export function choiceWords({ downloadBytes, storedBytes }: ModelChoice): string {
  return downloadBytes === storedBytes
    ? `${formatBytes(downloadBytes)} to download`
    : `${formatBytes(downloadBytes)} to download, about ${formatBytes(storedBytes)} on this device`
}
