import type { ProjectTask } from '../../src/domain/project'
import type { Projects } from '../../src/state/projects.svelte'

export const TASK: ProjectTask = {
  template: 'Is this a {options}? {text}',
  labels: [
    { id: 'bug', words: 'bug', aliases: [] },
    { id: 'praise', words: 'praise', aliases: ['thanks'] },
  ],
}

export const names = ({ list }: Projects) => list.all.map(({ head }) => head.name)
export const openName = (projects: Projects) => projects.current.project.head.name
