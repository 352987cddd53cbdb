import { engineReady, shownCount } from '../controls'
import type { Ordeal } from '../fault'
import { SoakFailure } from '../exported'
import { checkKept } from '../kept'

/** The page is reloaded; it stores a run every two seconds, so that the newest rows may be gone. */
export async function pageReloaded(ordeal: Ordeal): Promise<string> {
  const { page } = ordeal
  await page.reload()
  await engineReady(page)
  if (!(await shownCount(page))) throw new SoakFailure('After a reload the page shows no results at all.')
  return `${await checkKept(ordeal, 0)} kept`
}
