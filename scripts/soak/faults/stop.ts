import { isRunning, until, whileRunning } from '../controls'
import type { Ordeal } from '../fault'
import { checkKept } from '../kept'

/** Stop is pressed, by key or by pointer. */
export async function stopped(ordeal: Ordeal, seen: number): Promise<string> {
  const { page, fault } = ordeal
  if (fault.chance < 0.5) await page.keyboard.press('Escape')
  else await whileRunning(page, (patience) => page.getByRole('button', { name: /^Stop/ }).click(patience))
  await until('stop', 10_000, async () => ((await isRunning(page)) ? undefined : true))
  return `${await checkKept(ordeal, seen)} kept`
}
