/** A run that a reload for a new version breaks off goes on after it by itself; other reloads leave that to the reader. */
const KEY = 'smallcap-goes-on'

/** Remembers it for the next visit of this tab; where the browser refuses, the run waits to be continued. */
export function rememberToGoOn(): void {
  try {
    sessionStorage.setItem(KEY, '1')
  } catch {
    // Told already: nothing at all is stored then.
  }
}

/** Whether a run is to go on; true once. */
export function isToGoOn(): boolean {
  try {
    const isRemembered = sessionStorage.getItem(KEY) !== null
    sessionStorage.removeItem(KEY)
    return isRemembered
  } catch {
    return false
  }
}
