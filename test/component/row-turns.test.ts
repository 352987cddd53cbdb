import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RowTurns } from '../../src/ui/results/row-turns'

/** Calls for the next frame. */
let due: FrameRequestCallback[] = []

/** One frame: what scrolling does in it, then the calls that were due; answers how many rows came in. */
function frame(turns: RowTurns, rows: number): number {
  let made = 0
  for (let row = 0; row < rows; row += 1)
    if (turns.take()) made += 1
    else turns.wait(() => (made += 1))
  for (const callback of due.splice(0)) callback(0)
  return made
}

beforeEach(() => {
  due = []
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => due.push(callback))
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('turns of rows', () => {
  it('lets no more into any frame than it has room for, those that scroll into sight in it counted', () => {
    const turns = new RowTurns()
    // Late rows of the first turn of the wheel come in while the second turn brings others.
    const made = [30, 0, 30, 0, 0, 0, 0, 0, 0, 0, 0].map((rows) => frame(turns, rows))
    expect(Math.max(...made)).toBeLessThanOrEqual(6)
  })

  it('lets in all in the end, first come first served, but not who no longer waits', () => {
    const turns = new RowTurns()
    const came: number[] = []
    const leave: (() => void)[] = []
    for (let row = 0; row < 20; row += 1)
      if (turns.take()) came.push(row)
      else leave.push(turns.wait(() => came.push(row)))
    leave[1]?.()
    for (let turn = 0; turn < 5; turn += 1) frame(turns, 0)
    expect(came).toEqual(Array.from({ length: 20 }, (_, row) => row).filter((row) => row !== 7))
    // A frame later all turns are free again.
    expect(Array.from({ length: 7 }, () => turns.take())).toEqual([...Array<boolean>(6).fill(true), false])
  })
})
