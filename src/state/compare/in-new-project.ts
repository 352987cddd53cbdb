import type { HandedOnTask } from '../../storage/handed-on-task'
import type { Projects } from '../projects.svelte'
import type { Compared } from './compose-comparison'

/** Makes a project with that task, opens it and fills its comparison; answers whether it could be stored. */
export async function inNewProject(
  projects: Projects,
  name: string,
  task: HandedOnTask,
  fill: (compared: Compared) => Promise<unknown>,
): Promise<boolean> {
  if (!(await projects.create(name, task ?? undefined))) return false
  await fill(await projects.current.compareDesk.open())
  return true
}
