import { describe, expect, it } from 'vitest'
import type { Projects } from '../../src/state/projects.svelte'
import { composeProjects } from '../support/compose-page'
import { MemoryStore } from '../support/memory-store'
import { names, openName, TASK } from '../support/projects'
import { shownRows } from '../support/shown-rows'

const slotOf = (projects: Projects, name: string) =>
  projects.list.all.find(({ head }) => head.name === name)?.slot ?? ''

describe('the first project', () => {
  it('is what was stored before there were projects', async () => {
    const store = new MemoryStore()
    store.records.set('text', { version: 1, text: 'An old line.' })
    const projects = await composeProjects({ store })
    expect([names(projects), projects.current.input.text]).toEqual([['My texts'], 'An old line.'])
    expect([...store.records.keys()].filter((key) => key.startsWith('project'))).toEqual([])
  })

  it('works where nothing can be stored, also with a task of its own', async () => {
    const store = new MemoryStore()
    store.isRefusing = true
    const projects = await composeProjects({ store })
    await projects.current.project.change({ task: TASK })
    expect(projects.current.question.labels).toEqual(TASK.labels)
    expect(await projects.create('Other')).toBe(false)
    expect(names(projects)).toEqual(['My texts'])
    expect(projects.current.notes.sentences).toEqual([
      expect.stringContaining('refuses to store anything'),
      expect.stringContaining('could not be stored'),
      expect.stringContaining('refuses to store another project'),
    ])
  })
})

describe('opening', () => {
  it('shows the texts and results of that project, and the others come back as they were', async () => {
    const store = new MemoryStore()
    const projects = await composeProjects({ store })
    await projects.current.start()
    const rows = shownRows(projects.current)
    expect(await projects.create('Other', TASK)).toBe(true)
    expect([openName(projects), projects.current.input.text, projects.current.run.shown]).toEqual([
      'Other',
      '',
      undefined,
    ])
    projects.current.input.write('It crashes.\nWell done.')
    await projects.current.classify()
    await projects.open('first')
    expect(shownRows(projects.current)).toEqual(rows)
    const next = await composeProjects({ store })
    expect(openName(next)).toBe('My texts')
    await next.open(slotOf(next, 'Other'))
    expect(next.current.input.text).toBe('It crashes.\nWell done.')
    expect(next.current.run.shown?.setup.task.labels).toEqual(TASK.labels)
    expect(openName(await composeProjects({ store }))).toBe('Other')
  })

  it('holds a run that is under way, which can go on later', async () => {
    const store = new MemoryStore()
    const projects = await composeProjects({ store, delayMs: 1 })
    projects.current.input.write(Array.from({ length: 300 }, (_, place) => `Line ${place}`).join('\n'))
    const running = projects.current.classify()
    await expect.poll(() => projects.current.run.canPause).toBe(true)
    await projects.create('Other')
    await running
    await projects.open('first')
    const { run } = projects.current
    expect([run.status.kind, run.left > 0, (run.shown?.count ?? 0) > 0]).toEqual(['paused', true, true])
    await projects.current.proceed()
    expect([run.status.kind, run.shown?.count]).toEqual(['done', 300])
  })

  it('loses nothing that was typed just before', async () => {
    const projects = await composeProjects()
    const large = Array.from({ length: 3000 }, (_, place) => `Large ${place}`).join('\n')
    projects.current.input.take(large)
    await projects.create('Other')
    await projects.open('first')
    expect(projects.current.input.text).toBe(large)
  })

  it('does one thing after another', async () => {
    const store = new MemoryStore()
    const projects = await composeProjects({ store })
    const [one, two] = await Promise.all([projects.create('A'), projects.create('B')])
    expect([one, two, openName(projects)]).toEqual([true, true, 'B'])
    await Promise.all([projects.open('first'), projects.open(slotOf(projects, 'A'))])
    expect([openName(projects), projects.work]).toEqual(['A', undefined])
    expect(store.records.get('current-project')).toEqual({ version: 1, slot: slotOf(projects, 'A') })
  })
})

describe('the list', () => {
  it('is in the order of names, archived ones last, and no name comes twice', async () => {
    const projects = await composeProjects()
    for (const name of ['b 10', 'b 2', 'a', 'a']) await projects.create(name)
    expect(names(projects)).toEqual(['a', 'a 2', 'b 2', 'b 10', 'My texts'])
    await projects.list.change(slotOf(projects, 'a'), { isArchived: true })
    expect(names(projects)).toEqual(['a 2', 'b 2', 'b 10', 'My texts', 'a'])
  })
})

describe('duplicating', () => {
  it('copies texts, results and task, and then both go their own way', async () => {
    const projects = await composeProjects()
    await projects.current.start()
    await projects.current.project.change({ task: TASK, guidelines: 'Be kind.' })
    const rows = shownRows(projects.current)
    expect(await projects.duplicate('first')).toBe(true)
    expect([openName(projects), shownRows(projects.current)]).toEqual(['My texts, copy', rows])
    expect(projects.current.project.head).toMatchObject({ task: TASK, guidelines: 'Be kind.' })
    projects.current.input.write('Changed.')
    await projects.open('first')
    expect(projects.current.input.isSample).toBe(true)
  })

  it('holds a run that is under way, so that the copy has what there is of it', async () => {
    const projects = await composeProjects({ delayMs: 1 })
    projects.current.input.write(Array.from({ length: 300 }, (_, place) => `Line ${place}`).join('\n'))
    const running = projects.current.classify()
    await expect.poll(() => projects.current.run.canPause).toBe(true)
    await projects.duplicate('first')
    await running
    const { run } = projects.current
    expect([run.status.kind, (run.shown?.count ?? 0) > 0]).toEqual(['paused', true])
  })

  it('leaves nothing where the browser refuses in the middle', async () => {
    const store = new MemoryStore()
    const projects = await composeProjects({ store })
    await projects.current.start()
    const before = new Set(store.records.keys())
    const write = store.writeAll.bind(store)
    store.writeAll = (entries) =>
      [...entries].some(([key, value]) => key.includes('/results/') && value !== undefined)
        ? Promise.reject(new DOMException('full', 'QuotaExceededError'))
        : write(entries)
    expect(await projects.duplicate('first')).toBe(false)
    expect(new Set(store.records.keys())).toEqual(before)
    expect([names(projects), openName(projects)]).toEqual([['My texts'], 'My texts'])
  })
})

describe('removing', () => {
  it('removes all records of the project and no others, the first among them', async () => {
    const store = new MemoryStore()
    const projects = await composeProjects({ store })
    await projects.current.start()
    await projects.duplicate('first')
    const { slot } = projects.current.project
    await projects.remove('first')
    expect(names(projects)).toEqual(['My texts, copy'])
    expect([...store.records.keys()].filter((key) => /^(text|file|results)/.test(key))).toEqual([])
    expect(store.records.has(`project/${slot}/results`)).toBe(true)
    expect(names(await composeProjects({ store }))).toEqual(['My texts, copy'])
  })

  it('opens another where it was the open one, and never removes the last', async () => {
    const projects = await composeProjects()
    await projects.create('Other')
    await projects.remove(projects.current.project.slot)
    expect([names(projects), openName(projects)]).toEqual([['My texts'], 'My texts'])
    await projects.remove('first')
    expect(names(projects)).toEqual(['My texts'])
  })
})

describe('a back-up', () => {
  async function backedUp() {
    const store = new MemoryStore()
    const projects = await composeProjects({ store })
    await projects.current.start()
    await projects.current.project.change({ task: TASK, guidelines: 'Be kind.' })
    projects.current.input.useFile({
      name: 'a.csv',
      lines: Array.from({ length: 1500 }, (_, row) => ({
        line: row + 2,
        text: `Row ${row}`,
        other: { id: `${row}` },
      })),
      skipped: 1,
      unreadableRows: 2,
    })
    const file = await projects.backUp('first')
    if (!file) throw new Error('There is no file.')
    return { store, projects, file }
  }
  const recordsOf = (store: MemoryStore, prefix: string) =>
    [...store.records]
      .flatMap(([key, value]) =>
        key.startsWith(prefix) && /^(text|file|results)/.test(key.slice(prefix.length))
          ? [[key.slice(prefix.length), value] as const]
          : [],
      )
      .sort(([a], [b]) => (a < b ? -1 : 1))

  it('becomes the same project in another browser, with the same id', async () => {
    const { store, projects, file } = await backedUp()
    const other = new MemoryStore()
    const elsewhere = await composeProjects({ store: other })
    await elsewhere.restore(file)
    const { slot, head } = elsewhere.current.project
    expect(head).toEqual({ ...projects.current.project.head, name: 'My texts 2' })
    expect(recordsOf(other, `project/${slot}/`)).toEqual(recordsOf(store, ''))
    expect(recordsOf(store, '').length).toBeGreaterThan(5)
    expect(shownRows(elsewhere.current)).toEqual(shownRows(projects.current))
    expect(elsewhere.current.input.lines).toEqual(projects.current.input.lines)
    expect(elsewhere.said).toMatchObject({
      kind: 'restored',
      restored: { name: 'My texts 2', sameAs: undefined },
    })
  })

  it('stays beside the project it came from, with an id of its own', async () => {
    const { projects, file } = await backedUp()
    const { head } = projects.current.project
    await projects.restore(file)
    expect(projects.current.project.head).toMatchObject({ name: 'My texts 2', task: TASK })
    expect(projects.current.project.head.id).not.toBe(head.id)
    expect(projects.said).toMatchObject({ restored: { sameAs: { slot: 'first', head } } })
    expect(projects.list.find('first')?.head).toEqual(head)
  })

  it('that is broken leaves nothing behind, and says where it is broken', async () => {
    const { store, projects, file } = await backedUp()
    const before = new Set(store.records.keys())
    await projects.restore(file.slice(0, file.size - 30))
    const { said } = projects
    expect(said?.kind === 'trouble' && said.message).toMatch(/beyond line \d+.*Nothing was changed here/)
    expect(new Set(store.records.keys())).toEqual(before)
    expect([names(projects), projects.work]).toEqual([['My texts'], undefined])
  })

  it('is not made of what the browser will not read', async () => {
    const { store, projects } = await backedUp()
    store.isRefusing = true
    expect(await projects.backUp('first')).toBeUndefined()
    expect(projects.said).toMatchObject({ kind: 'trouble', title: 'My texts could not be backed up.' })
  })
})

describe('what a visit that was cut off left', () => {
  it('is removed later, but not what another tab is just making', async () => {
    const store = new MemoryStore()
    store.records.set('project-draft/old', 1).set('project/old/text', { version: 1, text: 'half' })
    store.records.set('project-draft/new', Date.now()).set('project/new/text', { version: 1, text: 'half' })
    const projects = await composeProjects({ store })
    await projects.create('Whole')
    const { slot } = projects.current.project
    store.records.set(`project-draft/${slot}`, 1)
    await projects.tidy()
    const left = [...store.records.keys()].filter((key) => /^project(-draft)?\//.test(key)).sort()
    expect(left).toEqual(['project-draft/new', 'project/new/text', `project/${slot}/text`].sort())
  })
})
