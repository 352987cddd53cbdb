import { describe, expect, it } from 'vitest'
import type { ProjectTask } from '../../../src/domain/project'
import { inNewProject } from '../../../src/state/compare/in-new-project'
import { makeReport } from '../../../src/state/compare/make-report'
import { figuresFile } from '../../../src/state/compare/report'
import { linkTo } from '../../../src/state/compare/setup-link'
import { composeProjects } from '../../support/compose-page'
import { nodeFile } from '../../support/node-file.mjs'
import { textOfBlob } from '../../support/text-of-blob'

const TASK: ProjectTask = {
  labels: ['bug', 'praise'].map((id) => ({ id, words: id, aliases: [] })),
  template: 'Is “{text}” a bug or praise?',
}
const ADDRESS = 'https://example.org/'

/** A page whose project has that task. */
async function visit(task?: ProjectTask) {
  const projects = await composeProjects()
  if (task) await projects.current.project.change({ task })
  const compared = await projects.current.compareDesk.open()
  projects.current.input.write('up\ndown')
  return { projects, ...compared }
}

async function linkFrom(task?: ProjectTask): Promise<string> {
  const { comparison } = await visit(task)
  await comparison.addUsual()
  const records = comparison.setups.map(({ record }) => record)
  return new URL(linkTo(records, comparison.around.task(), ADDRESS)).hash
}

describe('a link to set-ups', () => {
  it('adds them where the task is the same', async () => {
    const { link, comparison } = await visit({ ...TASK })
    expect(await link.open(await linkFrom(TASK))).toBe(true)
    expect(link.offer).toBeUndefined()
    expect(comparison.setups).toHaveLength(4)
    expect(await link.open('#compare')).toBe(false)
  })

  it('offers them where it is another, and changes nothing before somebody says what is to be done', async () => {
    const { link, comparison, projects } = await visit()
    await link.open(await linkFrom(TASK))
    expect(link.offer?.task).toEqual(TASK)
    expect(comparison.setups).toEqual([])
    await link.keep()
    expect(link.offer).toBeUndefined()
    expect(comparison.setups).toHaveLength(4)
    expect(projects.current.project.head.task).toBeUndefined()
  })

  it('takes its task into a new project, and leaves the one that was open as it was', async () => {
    const { link, comparison, projects } = await visit(TASK)
    const before = projects.current.project
    await link.open(await linkFrom())
    const offer = link.takeAway()
    if (!offer) throw new Error('Nothing is offered.')
    expect(offer.task).toBeNull()
    await inNewProject(projects, 'From a link', offer.task, (elsewhere) =>
      elsewhere.comparison.add(offer.setups),
    )
    expect(projects.current.project.head).toMatchObject({ name: 'From a link' })
    expect(projects.current.project.head.task).toBeUndefined()
    const opened = await projects.current.compareDesk.open()
    expect(opened.comparison.setups).toHaveLength(4)
    expect(comparison.setups).toEqual([])
    expect(before.head.task).toEqual(TASK)
  })
})

it('a saved comparison offers its task, and goes along into a new project', async () => {
  const there = await visit(TASK)
  await there.comparison.addUsual()
  await there.comparison.runAll()
  const report = await makeReport(there, there.report)
  const file = async () => nodeFile(await textOfBlob(figuresFile(report)), 'theirs.json')
  await there.opened.take(await file())
  expect(there.opened.otherTask).toBeUndefined()

  const { opened, projects } = await visit()
  await opened.take(await file())
  const task = opened.otherTask
  const { record } = opened
  if (!task || !record) throw new Error('Nothing is offered.')
  expect(task).toEqual(TASK)
  await inNewProject(projects, 'From theirs.json', task, (elsewhere) =>
    elsewhere.opened.put(record.name, record.report),
  )
  const elsewhere = await projects.current.compareDesk.open()
  expect(projects.current.project.head.task).toEqual(TASK)
  expect(elsewhere.opened.record?.name).toBe('theirs.json')
  expect(elsewhere.opened.otherTask).toBeUndefined()
  expect(elsewhere.comparison.setups).toHaveLength(4)
})
