/**
 * Resolves once the page had a turn for whatever waits: input, frames, messages.
 * A message, because browsers hold a nested `setTimeout(0)` back by 4 ms, and in a hidden page by a second.
 */
export function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
