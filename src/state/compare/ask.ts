/** What a set-up asks a loaded model. */
import { failure, success, type Outcome } from '../../domain/outcome'
import type { ProjectTask } from '../../domain/project'
import { askedTask, labelNames } from '../../domain/project-task'
import type { Demonstration, Mode, Task } from '../../domain/task'
import type { ModelSummary } from '../../engine/contract'
import type { SetupRecord } from '../../storage/compare-record'
import { chosenMode, offeredModes } from '../mode'

/** What the set-up's model is asked: the project's task, or the project's labels in the template that the model came with. */
export function taskOf(
  { template }: Pick<SetupRecord, 'template'>,
  project: ProjectTask | undefined,
  summary: Pick<ModelSummary, 'task' | 'areLabelsFixed'>,
): Outcome<Task, string> {
  const { task } = summary
  const own = project && { ...project, template: task.template, kShot: task.kShot }
  return askedTask(template === 'model' ? own : project, summary)
}

/** The set-up's mode; a sentence where the model does not have it. */
export function modeOf(
  setup: SetupRecord,
  summary: Pick<ModelSummary, 'modes' | 'adapters' | 'task'>,
  pool: readonly Demonstration[],
): Outcome<Mode, string> {
  const { mode, adapter } = setup
  const { modes, adapters } = summary
  if (!modes.includes('as-trained')) {
    if (!offeredModes(summary).includes(mode))
      return failure(
        mode === 'fine-tuned'
          ? 'This model has no adapter, so there is nothing fine-tuned to ask: choose another mode, or put an adapter on it under Models.'
          : `This model cannot be asked ${mode}: choose another mode.`,
      )
    if (mode === 'fine-tuned' && adapter !== null && !adapters.includes(adapter))
      return failure(`The adapter “${adapter}” is no longer on this model: choose another one.`)
    if (mode === 'k-shot' && pool.length === 0)
      return failure(
        `k-shot needs labelled examples, and there are none for ${labelNames(summary.task.labels)}: label some texts first, or use zero-shot.`,
      )
  }
  return success(chosenMode(setup, summary, pool))
}
