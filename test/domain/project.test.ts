import { describe, expect, it } from 'vitest'
import { changedHead, freeName, inListOrder, newHead, validateName } from '../../src/domain/project'
import { areSameLabels, askedTask, coverLabels, kShotFrom, taskChanges } from '../../src/domain/project-task'
import { taskTroubles } from '../../src/domain/task-troubles'
import { renderKShot } from '../../src/domain/template'
import { FINANCE_TASK } from './finance-task'

const label = (id: string, words = id, aliases: string[] = []) => ({ id, words, aliases })
const LABELS = [label('bug'), label('praise', 'praise', ['thanks'])]
const own = { labels: LABELS, template: 'Kind of message: {text}' }

describe('a head', () => {
  it('keeps what is not changed, and loses its task where that is taken away', () => {
    const head = { ...newHead('a', 'A', 1), task: own, guidelines: 'Short.' }
    expect(changedHead(head, { name: 'B' }, 2)).toEqual({ ...head, name: 'B', changedAt: 2 })
    expect('task' in changedHead(head, { task: undefined }, 2)).toBe(false)
  })

  it('is listed by name with numbers in their order, archived ones last', () => {
    const heads = ['b 10', 'b 9', 'A'].map((name, place) => ({ head: newHead(name, name, place) }))
    const archived = { head: { ...newHead('0', '0', 0), isArchived: true } }
    expect(inListOrder([archived, ...heads]).map(({ head }) => head.name)).toEqual(['A', 'b 9', 'b 10', '0'])
  })
})

describe('names', () => {
  it('have to be there and short', () => {
    expect(validateName('  ')).toMatch(/needs a name/)
    expect(validateName('x'.repeat(81))).toMatch(/80 characters/)
    expect(validateName(' Tweets ')).toBeUndefined()
  })

  it('get a number where they are taken, also where they are as long as can be', () => {
    expect(freeName('A', [])).toBe('A')
    expect(freeName('A', ['A', 'A 2'])).toBe('A 3')
    const long = 'x'.repeat(80)
    expect(freeName(long, [long])).toBe(`${'x'.repeat(78)} 2`)
  })
})

describe('taskTroubles', () => {
  const troubles = (labels: typeof LABELS, template = own.template) =>
    taskTroubles({ labels, template }).map(({ at, message }) => [at, message])

  it('finds none in a task that can be used', () => {
    expect(troubles(LABELS)).toEqual([])
    expect(troubles(LABELS, '{text} {pair} It was <extra_id_0>. {options}')).toEqual([])
  })

  it.each([
    [[label('bug')], 'labels', /at least two/],
    [Array.from({ length: 31 }, (_, place) => label(`label ${place}`)), 'labels', /30 labels at most/],
    [[label('bug'), label('')], 1, /needs a name/],
    [[label('bug'), label(' a')], 1, /begins or ends with a space/],
    [[label('bug'), label('x'.repeat(61), 'x')], 1, /60 characters/],
    [[label('bug'), label('praise', ' ')], 1, /needs words/],
    [[label('bug', 'yes'), label('praise', 'Yes')], 1, /same words/],
    [[label('bug', 'error'), label('Bug ', 'praise')], 1, /begins or ends/],
    [[label('bug', 'error'), label('BUG', 'praise')], 1, /Two labels are called “BUG”/],
    [[label('bug'), label('praise', 'praise', ['BUG'])], 1, /“bug” names both/],
  ])('says what is wrong with labels, and where', (labels, at, message) => {
    expect(troubles(labels)).toContainEqual([at, expect.stringMatching(message)])
  })

  it('checks the template by the rules of all templates', () => {
    expect(troubles(LABELS, 'no text')).toEqual([['template', expect.stringMatching(/needs {text}/)]])
    expect(troubles(LABELS, '{text} {label}')).toEqual([['template', expect.stringMatching(/cannot hold/)]])
    const kShot = { demonstration: '{text}', separator: ' ', query: '{text}' }
    const [trouble] = taskTroubles({ ...own, kShot })
    expect([trouble?.at, trouble?.message]).toEqual(['k-shot', expect.stringMatching(/needs {label}/)])
  })
})

describe('kShotFrom', () => {
  it('keeps the format that a model was trained with', () => {
    expect(kShotFrom(FINANCE_TASK.kShot.query, FINANCE_TASK.kShot)).toBe(FINANCE_TASK.kShot)
  })

  it('puts the label behind, or in the sentinel’s place', () => {
    const asked = (template: string) => {
      const task = {
        ...FINANCE_TASK,
        labels: LABELS,
        template,
        kShot: kShotFrom(template, FINANCE_TASK.kShot),
      }
      return renderKShot(task, [{ text: 'Thanks a lot', labelId: 'praise' }], 'It crashes')
    }
    expect(asked('{text} It is')).toBe('Thanks a lot It is praise. It crashes It is')
    expect(asked('{text} It is <extra_id_0>!')).toBe(
      'Thanks a lot It is praise! It crashes It is <extra_id_0>!',
    )
  })
})

describe('askedTask', () => {
  const model = { task: FINANCE_TASK, areLabelsFixed: false }
  const classifier = { task: FINANCE_TASK, areLabelsFixed: true }

  it('is the model’s own where the project has none', () => {
    expect(askedTask(undefined, classifier)).toEqual({ ok: true, value: FINANCE_TASK })
  })

  it('has the project’s labels and template and the model’s limits', () => {
    expect(askedTask(own, model)).toMatchObject({
      value: { ...own, maxInputTokens: FINANCE_TASK.maxInputTokens, kShot: { query: own.template } },
    })
  })

  it('asks a classifier for its own labels in the project’s order, found by any of their names', () => {
    const labels = [label('up', 'up', ['positive']), label('bearish'), label('neutral')]
    const asked = askedTask({ ...own, labels }, classifier)
    const ids = asked.ok ? asked.value.labels.map(({ id }) => id) : []
    expect(ids).toEqual(['positive', 'negative', 'neutral'])
    expect(asked).toMatchObject({ value: { template: FINANCE_TASK.template } })
  })

  it('refuses a classifier with other labels, and names both sets', () => {
    for (const labels of [LABELS, [...LABELS, label('other')], FINANCE_TASK.labels.slice(0, 2)]) {
      const asked = askedTask({ ...own, labels }, classifier)
      expect(asked.ok ? '' : asked.error).toContain(labels.map(({ id }) => id).join(', '))
      expect(asked.ok ? '' : asked.error).toContain('negative, neutral, positive')
    }
  })
})

describe('labels', () => {
  it('are the same under other names, not where two are one', () => {
    expect(areSameLabels(LABELS, [label('thanks'), label('BUG')])).toBe(true)
    expect(
      areSameLabels(
        [label('bug'), label('thanks')],
        [label('praise', 'praise', ['bug', 'thanks']), label('x')],
      ),
    ).toBe(false)
  })

  it('are covered by demonstrations of each and of no other', () => {
    const shown = (...labels: string[]) => labels.map((labelId, place) => ({ text: `${place}`, labelId }))
    expect(coverLabels(shown('bug', 'thanks', 'bug'), LABELS)).toBe(true)
    expect(coverLabels(shown('bug', 'bug'), LABELS)).toBe(false)
    expect(coverLabels(shown('bug', 'praise', 'other'), LABELS)).toBe(false)
  })
})

describe('taskChanges', () => {
  it('names what would be asked otherwise; aliases are asked nobody', () => {
    const { labels } = FINANCE_TASK
    const reworded = {
      ...FINANCE_TASK,
      labels: labels.map((each) => ({ ...each, words: `very ${each.words}` })),
    }
    const renamed = { ...FINANCE_TASK, labels: labels.map((each) => ({ ...each, aliases: ['x'] })) }
    expect(taskChanges(FINANCE_TASK, reworded, false)).toEqual(['labels'])
    expect(taskChanges(FINANCE_TASK, renamed, false)).toEqual([])
    expect(taskChanges(FINANCE_TASK, { ...FINANCE_TASK, template: '{text}' }, false)).toEqual(['template'])
    expect(taskChanges(FINANCE_TASK, { ...FINANCE_TASK, template: '{text}' }, true)).toEqual([])
  })
})
