import type { Survey } from '../../engine/contract'

/** What is slower or was interrupted, in words; a fallback is never silent. */
export function fallbackWords(
  survey: Survey | undefined,
  loss: string | undefined,
  fallback?: string,
): readonly string[] {
  const sentences: string[] = []
  if (survey && !survey.isCrossOriginIsolated) {
    sentences.push(
      'One thread only: this server does not send the isolation headers (COOP and COEP) that threads need, so texts take longer.',
    )
  }
  if (fallback) sentences.push(fallback)
  else if (loss) sentences.push(`The engine was restarted: ${loss}.`)
  return sentences
}
