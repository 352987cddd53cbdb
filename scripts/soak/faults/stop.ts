import { beforeTheEnd, isRunning, until } from '../controls'
import { TOO_LATE, type Ordeal } from '../fault'
import { checkKept } from '../kept'

/** Stop is pressed, by key or by pointer. */
export async function stopped(ordeal: Ordeal, seen: number): Promise<string> {
  const { page, fault, undisturbed } = ordeal
  const button = page.getByRole('button', { name: /^Stop/ })
  if (fault.chance < 0.5) await page.keyboard.press('Escape')
  else if (!(await beforeTheEnd(page, undisturbed.length, (options) => button.click(options))))
    return TOO_LATE
  await until('stop', 10_000, async () => ((await isRunning(page)) ? undefined : true))
  return `${await checkKept(ordeal, seen)} kept`
}
