/** Long work on the page's thread is done in turns, between which the page answers whoever uses it. */
export interface Turns {
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number
  /** Resolves once everything that waited had its turn. */
  readonly next: () => Promise<void>
}

/** Well below the 50 ms from which a person notices, also where the machine is slow or busy. */
const TURN_MS = 8

/** Whether the turn that begins now may go on, to be asked between small pieces of work. */
export function turn({ now }: Turns): () => boolean {
  const end = now() + TURN_MS
  return () => now() < end
}

/** Does the work in turns, as long as `isWanted`; answers whether it was done. */
export async function inTurns(
  work: Iterator<unknown>,
  turns: Turns,
  isWanted: () => boolean = () => true,
): Promise<boolean> {
  let mayGoOn = turn(turns)
  while (isWanted()) {
    if (work.next().done) return true
    if (mayGoOn()) continue
    await turns.next()
    mayGoOn = turn(turns)
  }
  return false
}
