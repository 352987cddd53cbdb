/** Kills the tab at random moments while texts are labelled, and looks whether a label that was seen is gone. */
import { createRandom } from '../../src/domain/random'
import {
  fillQueue,
  labelAndDie,
  labelledCount,
  openLabelTab,
  queueTexts,
} from '../../test/browser/label-page'
import { withVisitor, type Site } from './fault-runs'

/** More than can be labelled before the last time. */
const TEXTS_PER_KILL = 12

/** Answers how much failed. */
export async function killedLabels(site: Site, kills: number, seed: number): Promise<number> {
  const random = createRandom(seed)
  const name = `labelling while the tab died ${kills} times`
  try {
    const kept = await withVisitor(site, async (page) => {
      let tab = page
      await tab.goto('/')
      await fillQueue(tab, queueTexts(kills * TEXTS_PER_KILL))
      await tab.close()
      tab = await openLabelTab(page.context())
      for (let kill = 1; kill <= kills; kill += 1) {
        const { seen, atMost } = await labelAndDie(tab, random)
        tab = await openLabelTab(page.context())
        const found = await labelledCount(tab)
        if (found < seen || found > atMost)
          throw new Error(`at death ${kill} ${seen} labels were seen, and ${found} were there afterwards`)
      }
      return labelledCount(tab)
    })
    site.say(`ok      ${name}: all ${kept} labels were kept`)
    return 0
  } catch (error) {
    site.say(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}
