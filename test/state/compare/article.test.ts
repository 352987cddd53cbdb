import { describe, expect, it } from 'vitest'
import { articleCsv } from '../../../src/domain/evaluation/article-files'
import { composePage, type PageOptions } from '../../support/compose-page'
import { MemoryStore } from '../../support/memory-store'

const IDS = ['negative', 'neutral', 'positive']
const linesOf = (count: number) =>
  Array.from({ length: count }, (_, place) => ({
    line: place + 1,
    text: `text ${place}`,
    goldId: IDS[place % 3] ?? '',
  }))
const FPB = { id: 'fpb', name: 'Financial PhraseBank' } as const
const WORDS = { training: () => undefined, day: () => '' }
const MODELS = ['smallcap-t5-nano', 'smallcap-t5-mini']

async function visit(options: PageOptions = {}) {
  const smallcap = await composePage(options)
  const { comparison, article } = await smallcap.compareDesk.open()
  const open = (name: string, count: number, isFpb = false) => {
    const file = { name, lines: linesOf(count), skipped: 0, unreadableRows: 0 }
    smallcap.input.useFile(isFpb ? { ...file, dataset: FPB } : file)
  }
  return { smallcap, comparison, article, open }
}

describe('the article’s table', () => {
  it('asks every model in every way and keeps what came of it, data set by data set, over a reload', async () => {
    const store = new MemoryStore()
    const { smallcap, comparison, article, open } = await visit({ store })
    open('first.csv', 6)
    await article.run(MODELS)
    expect(comparison.names).toEqual(
      ['nano', 'mini'].flatMap((name) => [
        `${name} zero-shot`,
        ...[1, 5, 10].map((k) => `${name} ${k}-shot, balanced, seed 1`),
        `${name} fine-tuned`,
      ]),
    )
    expect(article.sets.map(({ name, cells }) => [name, cells.length])).toEqual([['first.csv', 10]])
    expect(article.sets[0]?.cells[1]).toMatchObject({
      ...{ name: 'nano', column: '1-shot', variant: 'balanced, seed 1', n: 6 },
      weightsSha256: 'b'.repeat(64),
    })

    open('Sentences_50Agree.txt', 9, true)
    await article.run(MODELS)
    expect(comparison.setups).toHaveLength(10)
    expect(article.groups.map(({ name, texts, cells }) => [name, texts, cells.length])).toEqual([
      ['Twitter financial news sentiment', undefined, 0],
      ['Financial PhraseBank', 9, 10],
      ['first.csv', 6, 10],
    ])
    const before = article.sets
    article.noteFinished()
    expect(article.sets).toBe(before)

    await smallcap.input.stored()
    const { article: again } = await visit({ store })
    expect(again.sets).toEqual(before)
    expect(articleCsv(again.sets, WORDS, 'exact').split('\r\n')).toHaveLength(1 + 20 + 3 + 1)
    again.remove(again.sets[0]?.key ?? '')
    expect(again.sets.map(({ name }) => name)).toEqual(['Financial PhraseBank'])
  })

  it('takes in nothing of texts without gold labels or of runs that were stopped', async () => {
    const { smallcap, article, comparison } = await visit({ delayMs: 5 })
    smallcap.input.write('up\ndown')
    await article.run(['smallcap-t5-nano'])
    expect(comparison.setups.every(({ left }) => left === 0)).toBe(true)
    expect([article.sets, article.atHand]).toEqual([[], undefined])
  })

  it('says which model cannot be asked, and how many set-ups are too many', async () => {
    const { article, comparison, open } = await visit({ failsLoadOf: 'smallcap-t5-mini' })
    open('some.csv', 3)
    await article.run(MODELS)
    expect(comparison.setups).toHaveLength(5)
    expect(article.trouble).toMatch(/^mini is not in the table: smallcap-t5-mini is not there/)
    const { article: next, comparison: full, open: openNext } = await visit()
    openNext('some.csv', 3)
    while (full.setups.length < 13) await full.addPicked()
    await next.run(['smallcap-t5-mini'])
    expect(next.trouble).toBe('At most 16 set-ups are compared: remove 2 to add these 5.')
  })
})
