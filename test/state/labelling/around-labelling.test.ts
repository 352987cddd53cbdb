import { describe, expect, it } from 'vitest'
import { WRITTEN_FORMATS } from '../../../src/domain/labelling/formats/formats'
import { composePage, type PageOptions } from '../../support/compose-page'
import { fakeScore } from '../../support/fake-engine'
import { nodeFile } from '../../support/node-file.mjs'
import { textOfBlob } from '../../support/text-of-blob'

const TEXTS = Array.from({ length: 48 }, (_, item) => `share ${item} moves`)
const LINES = TEXTS.map((text, place) => ({ line: place + 1, text }))
const IDS = ['negative', 'neutral', 'positive']

async function visit(options: PageOptions = {}) {
  const page = await composePage(options)
  const labelling = await page.desk.open()
  return { page, labelling }
}

/** The fake engine's answer. */
const answer = (text: string): string => {
  const { probabilities } = fakeScore(text, 0)
  return IDS[probabilities.indexOf(Math.max(...probabilities))] ?? ''
}
const sureness = (text: string): number => Math.max(...fakeScore(text, 0).probabilities)

describe('files of labels', () => {
  it.each(WRITTEN_FORMATS)('come back from %s as they were, and are not taken twice', async (format) => {
    const { labelling } = await visit()
    await labelling.add(LINES.slice(0, 4))
    await labelling.label('positive')
    await labelling.skip()
    await labelling.note(labelling.queue.current, 'sarcasm, or "not"?')
    await labelling.label('negative')
    const blob = await labelling.files.write(format)
    const { labelling: other } = await visit()
    const kind = format.replace('-exact', '')
    const name = `labels.${kind === 'csv' || kind === 'tsv' ? kind : kind === 'label-studio' ? 'json' : 'jsonl'}`
    const file = nodeFile(await textOfBlob(blob), name)
    await other.files.read(file)
    expect(other.files.import).toMatchObject({
      kind: 'done',
      items: 4,
      labels: 2,
      annotators: ['me'],
      unreadRows: 0,
    })
    expect(other.log.journal.annotations()).toEqual(labelling.log.journal.annotations())
    expect(other.items.all).toEqual(labelling.items.all)
    await other.files.read(file)
    expect(other.files.import).toMatchObject({ kind: 'done', items: 0, labels: 0, known: 3 })
  })

  it('with a time that cannot be are kept, with the time of the import', async () => {
    const { labelling } = await visit()
    const row = { text: 'up', smallcap: { id: 'a', line: 1, annotations: [] }, label: ['positive'] }
    const annotation = { annotator: 'ben', time: '0001-01-01T00:00:00Z', label: 'positive', source: 'hand' }
    row.smallcap.annotations.push(annotation as never)
    await labelling.files.read(nodeFile(JSON.stringify(row), 'x.jsonl'), 'doccano')
    expect(labelling.files.import).toMatchObject({ kind: 'done', labels: 1 })
    const [found] = labelling.log.journal.annotations('ben')
    expect(found?.at).toBeGreaterThan(1_600_000_000_000)
  })

  it('that are broken are refused with the line, and nothing is lost', async () => {
    const { labelling } = await visit()
    await labelling.add(LINES)
    await labelling.files.read(nodeFile('{"text": ', 'x.jsonl'))
    const told = labelling.files.import
    expect(told?.kind === 'refused' && told.message).toMatch(/^Line 1/)
    expect(labelling.items.all).toHaveLength(48)
  })
})

describe('labels of a machine', () => {
  it('are given where the model is sure, and a random sample tells how often it errs', async () => {
    const { labelling } = await visit()
    await labelling.add(LINES)
    await labelling.suggestions.ask()
    const sure = TEXTS.filter((text) => sureness(text) >= 0.6)
    expect(labelling.machine.above(0.6)).toHaveLength(sure.length)
    await labelling.machine.accept(0.6)
    expect(labelling.machine.standing).toHaveLength(sure.length)
    expect(labelling.counts.labelled).toBe(sure.length)
    labelling.machine.verify()
    const asked = labelling.setup.verifying?.length ?? 0
    expect(asked).toBe(Math.min(30, sure.length))
    for (let item = 0; item < asked; item += 1) {
      expect(labelling.isBlind).toBe(true)
      expect(labelling.annotation?.labelId).toBeUndefined()
      expect(labelling.shownAt(labelling.queue.current)?.source).toBeUndefined()
      const own = answer(labelling.item?.text ?? '')
      const other = own === 'neutral' ? 'positive' : 'neutral'
      await labelling.label(item < 2 ? other : own)
    }
    const { errors } = labelling.machine
    expect(errors).toMatchObject({ asked, checked: asked, wrong: 2 })
    expect(errors?.rate).toBeCloseTo(2 / asked)
    expect(errors?.atMost).toBeGreaterThan(2 / asked)
    labelling.machine.stop()
    expect(labelling.setup.verifying).toBeNull()
    expect(labelling.machine.errors).toMatchObject({ checked: asked, wrong: 2 })
  })
})

describe('agreement', () => {
  it('is measured between annotators and with a run, and what is disputed can be decided', async () => {
    const { page, labelling } = await visit()
    await labelling.add(LINES.slice(0, 6))
    for (const label of ['positive', 'positive', 'negative', 'neutral', 'negative', 'positive'])
      await labelling.label(label)
    labelling.change({ annotator: 'ben' })
    labelling.queue.go(0)
    for (const label of ['positive', 'negative', 'negative', 'neutral', 'negative', 'neutral']) {
      await labelling.label(label)
    }
    const { agreement } = labelling
    expect(agreement.sources.map(({ name }) => name)).toEqual(['me', 'ben'])
    // Observed .667, expected (3·1 + 2·3 + 1·2) / 36.
    expect(agreement.comparison?.kappa.kappa).toBeCloseTo((4 / 6 - 11 / 36) / (1 - 11 / 36), 6)
    expect(agreement.disputed.map(({ decided }) => decided)).toEqual([undefined, undefined])
    const [first] = agreement.disputed
    await agreement.decide(first?.itemId ?? '', 'negative')
    expect(agreement.disputed[0]?.decided).toBe('negative')
    expect(labelling.finalLabel(first?.itemId ?? '')).toBe('negative')
    expect(page.desk.demonstrations).toHaveLength(6)
    await labelling.suggestions.ask()
    expect(agreement.sources.map(({ kind }) => kind)).toEqual(['annotator', 'annotator', 'annotator', 'run'])
  })
})

describe('a quick head', () => {
  it('learns as labels come, and lets the most telling come first', async () => {
    const { labelling } = await visit()
    await labelling.add(LINES)
    labelling.change({ isLearning: true, order: 'most telling' })
    for (let item = 0; item < 8; item += 1) await labelling.label(IDS[item % 3] ?? '')
    await expect.poll(() => labelling.learner.lesson?.labels).toBe(8)
    // The fake engine ranks the last first.
    expect(labelling.queue.order[0]).toBe(47)
    await labelling.label('neutral')
    expect(labelling.queue.current).toBe(47)
    expect(labelling.learner.missingForCurve).toBe(31)
  })
})
