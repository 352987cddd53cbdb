/** A hidden page paints no frames; results still have to arrive. */
const HIDDEN_PAGE_MS = 200

/** Calls back once: before the next paint, or after 200 ms where nothing is painted. */
export function nextFrame(callback: () => void): void {
  const run = (): void => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    callback()
  }
  const frame = requestAnimationFrame(run)
  const timer = setTimeout(run, HIDDEN_PAGE_MS)
}
