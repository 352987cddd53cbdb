import { describe, expect, it } from 'vitest'
import { TaskDraft } from '../../src/state/task-draft.svelte'
import { composePage } from '../support/compose-page'
import { FINANCE_TASK } from '../support/fake-engine'

async function started() {
  const page = await composePage()
  await page.start()
  return page
}
const idsOf = (draft: TaskDraft) => draft.labels.map(({ id }) => id)

describe('a draft of the task', () => {
  it('begins with the model’s own, and changes nothing before it is saved', async () => {
    const page = await started()
    const draft = new TaskDraft(page)
    expect([draft.isOwnOfModel, draft.changes, draft.canSave]).toEqual([true, [], true])
    draft.isOwnOfModel = false
    expect([idsOf(draft), draft.template]).toEqual([
      ['negative', 'neutral', 'positive'],
      FINANCE_TASK.template,
    ])
    draft.change(0, { words: 'bad' })
    expect([draft.changes, draft.oldResults]).toEqual([['labels'], 12])
    expect(page.project.head.task).toBeUndefined()
    await draft.save()
    expect(page.question.task?.labels[0]).toEqual({ id: 'negative', words: 'bad', aliases: ['bearish'] })
    expect(page.changedSince).toEqual(['labels'])
  })

  it('adds, moves and removes labels; words that are left out are the name', async () => {
    const draft = new TaskDraft(await started())
    draft.isOwnOfModel = false
    draft.add()
    draft.change(3, { id: 'mixed', aliases: 'both,  unclear ,' })
    draft.move(3, -1)
    draft.remove(0)
    expect(draft.task.labels).toMatchObject([
      { id: 'neutral' },
      { id: 'mixed', words: 'mixed', aliases: ['both', 'unclear'] },
      { id: 'positive' },
    ])
    draft.move(1, -1)
    expect(idsOf(draft)).toEqual(['neutral', 'mixed', 'positive'])
  })

  it('is not saved while something is wrong, which is named with its place', async () => {
    const page = await started()
    const draft = new TaskDraft(page)
    draft.isOwnOfModel = false
    draft.change(1, { id: 'negative' })
    draft.template = 'no text'
    expect(draft.troubles.map(({ at }) => at)).toEqual([1, 'template'])
    await draft.save()
    expect(page.project.head.task).toBeUndefined()
    draft.isOwnOfModel = true
    draft.name = ' '
    expect([draft.troubles, draft.canSave]).toEqual([[], false])
  })

  it('follows the template in k-shot prompts, unless those are written out', async () => {
    const page = await started()
    const draft = new TaskDraft(page)
    draft.isOwnOfModel = false
    draft.template = '{text} It is'
    expect(draft.task.kShot).toBeUndefined()
    expect(draft.derivedKShot.demonstration).toBe('{text} It is {label}.')
    draft.demonstration = '{text} = {label}'
    expect(draft.task.kShot).toEqual({
      demonstration: '{text} = {label}',
      separator: ' ',
      query: '{text} It is',
    })
    expect(draft.preview).toBe(`${page.input.lines[0]?.text ?? ''} It is`)
  })

  it('takes away or renames a label in use only where somebody agrees', async () => {
    const page = await started()
    page.input.useFile({
      name: 'a.csv',
      lines: ['positive', 'positive', 'neutral'].map((goldId, row) => ({
        line: row + 1,
        text: `${row}`,
        goldId,
      })),
      skipped: 0,
      unreadableRows: 0,
    })
    const labelling = await page.desk.open()
    await labelling.add([{ line: 1, text: 'Given by hand' }])
    await labelling.label('positive')
    const draft = new TaskDraft(page)
    draft.isOwnOfModel = false
    draft.remove(2)
    expect(draft.consequences).toEqual([{ before: 'positive', after: undefined, byHand: 1, inFile: 2 }])
    expect(draft.canSave).toBe(false)
    draft.change(1, { id: 'none', words: 'none' })
    expect(draft.consequences[0]).toEqual({ before: 'neutral', after: 'none', byHand: 0, inFile: 1 })
    draft.isAgreed = true
    await draft.save()
    expect(page.question.labels).toMatchObject([{ id: 'negative' }, { id: 'none', aliases: ['neutral'] }])
    expect(page.desk.counts.get('positive')).toBe(1)
  })

  it('goes back to the model’s own task', async () => {
    const page = await started()
    const draft = new TaskDraft(page)
    draft.isOwnOfModel = false
    draft.change(0, { words: 'bad' })
    draft.guidelines = 'Be kind.'
    await draft.save()
    const back = new TaskDraft(page)
    expect([back.isOwnOfModel, back.guidelines]).toEqual([false, 'Be kind.'])
    back.isOwnOfModel = true
    expect(back.changes).toEqual(['labels'])
    await back.save()
    expect([page.project.head.task, page.question.labels]).toEqual([undefined, FINANCE_TASK.labels])
  })
})
