import type { EngineClient } from '../../engine/engine-client'
import { COMPARE_KEY, comparisonSchema } from '../../storage/compare-record'
import { readStoredRun } from '../../storage/results-record'
import type { Workspace } from '../../storage/workspace'
import type { Turns } from '../turns'
import { RunMemory } from '../run-memory'
import { shownAgain } from '../run-results'
import { Run, type RunSurroundings } from '../run.svelte'
import { Article, type ArticleSurroundings } from './article.svelte'
import { Cautions } from './cautions.svelte'
import type { TabChannel } from '../labelling/label-journal.svelte'
import { ComparisonMemory } from './comparison-memory'
import { Comparison, type ComparisonSurroundings } from './comparison.svelte'
import { Live } from './live.svelte'
import { Memory, type MemorySurroundings } from './memory.svelte'
import type { ReportSurroundings } from './make-report'
import { OpenedLink } from './opened-link.svelte'
import { OpenedReport } from './opened-report.svelte'
import { Outside, type OutsideSurroundings } from './outside.svelte'
import { Results } from './results.svelte'
import { TextList } from './text-list.svelte'

export interface ComparisonParts extends Omit<ComparisonSurroundings, 'readRun' | 'memory'> {
  readonly engine: EngineClient
  readonly turns: Turns
  readonly channel: TabChannel
  readonly memory: Omit<MemorySurroundings, 'comparison'>
  readonly outside: Pick<OutsideSurroundings, 'clock' | 'readLabels'>
  readonly report: ReportSurroundings
  readonly run: Omit<RunSurroundings, 'memory'>
  readonly file: ArticleSurroundings['file']
}

/** What the Compare view is about. */
export interface Compared {
  readonly comparison: Comparison
  readonly live: Live
  readonly memory: Memory
  readonly outside: Outside
  readonly results: Results
  readonly article: Article
  readonly cautions: Cautions
  readonly opened: OpenedReport
  readonly link: OpenedLink
  /** What a report says besides what is compared. */
  readonly report: ReportSurroundings
  readonly turns: Turns
  readonly texts: TextList
}

/** The comparison of the project whose records `workspace` holds, with the answers that are stored. */
export async function composeComparison({
  engine,
  turns,
  channel,
  memory: measuring,
  run,
  outside: reading,
  file,
  report,
  ...parts
}: ComparisonParts): Promise<Compared> {
  const readRun = async (workspace: Workspace) => {
    const stored = await readStoredRun(workspace)
    const memory = new RunMemory(workspace, stored)
    return new Run({ ...run, memory }, stored.value && shownAgain(stored.value))
  }
  const { value } = await parts.workspace.read(COMPARE_KEY, comparisonSchema)
  const comparison = new Comparison({
    ...parts,
    readRun,
    memory: new ComparisonMemory(parts.workspace, channel, value),
  })
  await comparison.open()
  const { asking, queue } = comparison
  const live = new Live({ engine, asking, queue, setups: () => comparison.setups })
  const { workspace, newId } = parts
  const outside = new Outside({ workspace, newId, ...reading, lines: () => comparison.lines ?? [] })
  await outside.open()
  const results = new Results(comparison, outside)
  const article = new Article({ comparison, results, workspace, clock: reading.clock, file })
  await article.open()
  const link = new OpenedLink(comparison)
  const opened = new OpenedReport({ workspace, comparison, turns })
  await opened.open()
  return {
    comparison,
    live,
    memory: new Memory({ comparison, ...measuring }),
    outside,
    results,
    article,
    cautions: new Cautions(turns),
    opened,
    link,
    report,
    turns,
    texts: new TextList(results),
  }
}
