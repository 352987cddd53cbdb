/** Puts together what belongs to one project, over what lives as long as the page. */
import { SAMPLE_LINES } from './samples/sample-lines'
import { CompareDesk } from './state/compare-desk.svelte'
import { FileMemory } from './state/file-memory.svelte'
import { LabelDesk } from './state/label-desk.svelte'
import type { TabChannel } from './state/labelling/label-journal.svelte'
import { rateKeyOf } from './state/mode'
import type { PageParts } from './state/page-parts'
import type { OpenProject } from './state/project-list.svelte'
import { RunMemory } from './state/run-memory'
import { shownAgain } from './state/run-results'
import { Run, type RunSurroundings } from './state/run.svelte'
import { Smallcap } from './state/smallcap.svelte'
import { TextInput } from './state/text-input.svelte'
import { readStoredFile } from './storage/file-record'
import { prefixOf } from './storage/project-record'
import { readStoredRun } from './storage/results-record'
import { TEXT_KEY, textSchema } from './storage/text-record'
import { within, type Workspace } from './storage/workspace'

export interface ProjectSurroundings extends Pick<RunSurroundings, 'onFrame' | 'newId'> {
  /** Milliseconds since 1970. */
  readonly today: () => number
  /** Between the tabs of this browser. */
  readonly openChannel: (name: string) => TabChannel
}

/** Reads what is stored of the project and makes the page's state of it. */
export async function composeProject(
  page: PageParts,
  project: OpenProject,
  whole: Workspace,
  { onFrame, newId, today, openChannel }: ProjectSurroundings,
): Promise<Smallcap> {
  const workspace = within(whole, prefixOf(project.slot))
  const { engine, rates, turns } = page
  const [text, storedFile, stored] = await Promise.all([
    workspace.read(TEXT_KEY, textSchema),
    readStoredFile(workspace),
    readStoredRun(workspace),
  ])
  const memory = new RunMemory(workspace, stored)
  const onMeasured: RunSurroundings['onMeasured'] = ({ setup, loaded, lines, elapsedMs }) =>
    rates.remember(rateKeyOf(loaded, setup.mode), lines, elapsedMs)
  const running = { engine, now: turns.now, onFrame, newId, onMeasured }
  const desk = new LabelDesk(async () => {
    const { composeLabelling } = await import('./state/labelling/compose-labelling')
    const { question } = smallcap
    return composeLabelling({
      workspace,
      channel: openChannel(`smallcap labels ${project.slot}`),
      clock: today,
      newId,
      labels: () => question.labels,
      readLabels: () => question.labelsForFiles(),
      guidelines: () => project.head.guidelines,
      files: page.files,
      turns,
      run: running,
      suggestions: {
        plan: () => question.plan(),
        picked: () => question.name,
        isPicked: (setup) => question.changesSince(setup).length === 0,
        nameOf: (model) => question.nameOf(model),
        load: (model) => page.loader.ensure(model),
      },
      learner: { engine, load: () => question.load() },
    })
  })
  const compareDesk = new CompareDesk(async () => {
    const [{ composeComparison }, labelling] = await Promise.all([
      import('./state/compare/compose-comparison'),
      desk.open(),
    ])
    const { question, input } = smallcap
    return composeComparison({
      workspace,
      newId,
      loader: page.loader,
      engine,
      turns,
      channel: openChannel(`smallcap comparison ${project.slot}`),
      memory: { openEngine: page.openEngine, adaptersOf: (model) => page.adapters.of(model) },
      run: running,
      settings: page.settings,
      catalogue: () => question.catalogue,
      model: () => question.model,
      task: () => project.head.task,
      pool: () => question.demonstrations.pool,
      file: () => input.file,
      classifyLines: () => (input.isReading ? undefined : input.lines),
      labelledLines: () => labelling.files.labelledItems,
      outside: { clock: today, readLabels: () => question.labelsForFiles() },
      report: {
        about: page.about,
        clock: today,
        classified: () =>
          input.file ?? { name: input.isSample ? 'the sample lines' : 'the text in Classify' },
      },
    })
  })
  const smallcap: Smallcap = new Smallcap({
    page,
    project,
    input: new TextInput(workspace, new FileMemory(workspace, newId, storedFile), SAMPLE_LINES, turns, {
      text: text.value,
      file: storedFile.value,
    }),
    run: new Run({ ...running, memory }, stored.value && shownAgain(stored.value)),
    desk,
    compareDesk,
  })
  // The question of the next run may need them.
  if (project.head.demonstrations === 'own') await desk.open()
  return smallcap
}
