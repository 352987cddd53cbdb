/**
 * A run that a reload for a new version breaks off goes on after it by itself, and so does one of which any reload came too
 * early to find something stored; else that is left to the reader.
 */
const KEY = 'smallcap-goes-on'

/** Remembers it for the next visit of this tab; where the browser refuses, the run waits to be continued. */
export function rememberToGoOn(runId: string): void {
  try {
    sessionStorage.setItem(KEY, runId)
  } catch {
    // Told already: nothing at all is stored then.
  }
}

/** The run that is to go on, where there is one; told once. */
export function runToGoOn(): string | undefined {
  try {
    const runId = sessionStorage.getItem(KEY)
    sessionStorage.removeItem(KEY)
    return runId ?? undefined
  } catch {
    return undefined
  }
}
