/**
 * Lets messages in: a loop that awaits only microtasks never hears `cancel`.
 * A message, because browsers hold a nested `setTimeout(0)` back by 4 ms.
 */
export function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
