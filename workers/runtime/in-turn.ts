let last: Promise<unknown> = Promise.resolve()

/**
 * Runs `work` when everything asked for before has ended.
 *
 * [Note: One call at a time] ONNX Runtime keeps the external data of sessions under construction in one table and empties
 * it after each: two at once would read each other's weights, without an error. On a GPU a call is suspended in its middle
 * while it waits, and the runtime must not be entered a second time meanwhile.
 */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work)
  last = done.catch(() => undefined)
  return done
}
