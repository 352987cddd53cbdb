import { describe, expect, it } from 'vitest'
import { success } from '../../src/domain/outcome'
import { composePage } from '../support/compose-page'
import { createFakeEngine } from '../support/fake-engine'

const label = (id: string) => ({ id, words: id, aliases: [] })
const TASK = { template: '{text} It is', labels: [label('bug'), label('praise')] }

/** The fake engine, whose models are classifiers with fixed labels. */
const classifiers = () => {
  const engine = createFakeEngine()
  return {
    load: async (...asked: Parameters<typeof engine.load>) => {
      const loaded = await engine.load(...asked)
      return loaded.ok
        ? success({ ...loaded.value, areLabelsFixed: true, modes: ['as-trained'] as const, adapters: [] })
        : loaded
    },
  }
}

describe('the question of a project with a task of its own', () => {
  it('is its labels and template, and results of another say so', async () => {
    const page = await composePage()
    await page.start()
    page.settings.change({ mode: 'zero-shot' })
    await page.classify()
    await page.project.change({ task: TASK })
    expect(page.changedSince).toEqual(['labels', 'template'])
    await page.classify()
    expect(page.changedSince).toEqual([])
    expect(page.run.shown?.setup.task).toMatchObject(TASK)
    expect(page.view.labels).toEqual(TASK.labels)
  })

  it('warns of an adapter that was trained on other labels', async () => {
    const page = await composePage()
    await page.start()
    expect(page.question.caution).toBeUndefined()
    await page.project.change({ task: TASK })
    expect(page.question.caution).toMatch(/negative, neutral, positive/)
    page.settings.change({ mode: 'zero-shot' })
    expect(page.question.caution).toBeUndefined()
  })

  it('is refused by a classifier with other labels, in one sentence that names both', async () => {
    const page = await composePage({ verbs: classifiers() })
    await page.start()
    await page.project.change({ task: TASK })
    expect(page.question.trouble).toMatch(/negative, neutral, positive.*bug, praise/)
    await page.startOver()
    const { status } = page.run
    expect(status.kind === 'failed' && status.error.message).toBe(page.question.trouble)
    await page.project.change({ task: { ...TASK, labels: ['positive', 'neutral', 'negative'].map(label) } })
    expect(page.question.trouble).toBeUndefined()
    await page.startOver()
    expect(page.run.status.kind).toBe('done')
  })

  it('shows own labels as demonstrations where the built-in ones are about others', async () => {
    const page = await composePage()
    await page.start()
    page.settings.change({ mode: 'k-shot' })
    expect([page.demonstrations.source, page.question.trouble]).toEqual(['built-in', undefined])
    await page.project.change({ task: TASK })
    expect([page.demonstrations.source, page.demonstrations.pool.length]).toEqual([undefined, 0])
    expect(page.question.trouble).toMatch(/needs labelled examples.*bug, praise/)
    const labelling = await page.desk.open()
    await labelling.add([
      { line: 1, text: 'It crashes' },
      { line: 2, text: 'Thanks' },
    ])
    await labelling.label('bug')
    await labelling.label('gone')
    expect(page.demonstrations.pool).toEqual([{ text: 'It crashes', labelId: 'bug' }])
    expect([page.demonstrations.source, page.question.trouble]).toEqual(['own', undefined])
    await page.classify()
    expect(page.changedSince).toEqual([])
    await labelling.undo()
    await labelling.undo()
    expect(page.changedSince).toContain('demonstrations')
  })
})
