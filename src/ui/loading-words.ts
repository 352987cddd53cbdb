import type { LoadProgress } from '../engine/contract'
import { formatBytes } from './numbers'

/** What a load is doing right now, e.g. `Downloading 1.2 of 2.1 MB`. */
export function loadingWords(progress: LoadProgress | undefined): string {
  if (progress === undefined) return 'Starting'
  if (progress.phase !== 'downloading')
    return `${progress.phase.charAt(0).toUpperCase()}${progress.phase.slice(1)}`
  const { receivedBytes, totalBytes } = progress
  return totalBytes > 0
    ? `Downloading ${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}`
    : `Downloading ${formatBytes(receivedBytes)}`
}
