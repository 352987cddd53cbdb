import { describe, expect, it, vi } from 'vitest'
import { shownRows } from '../support/shown-rows'
import { composePage } from '../support/compose-page'
import { MemoryStore } from '../support/memory-store'
import { nodeFile } from '../support/node-file.mjs'

const csv = 'id,text,label\n7,Profit rose,bullish\n8,Profit fell,bearish\n9,,neutral\n'
const file = (content = csv, name = 'a.csv'): File => nodeFile(content, name)

describe('a file', () => {
  it('is looked at first, then its rows stand in the place of the text', async () => {
    const page = await composePage()
    await page.fileImport.open(file())
    const { status } = page.fileImport
    if (status.kind !== 'open') throw new Error(status.kind)
    expect(status.choice).toMatchObject({ textColumn: 'text', labelColumn: 'label' })
    expect(page.input.file).toBeUndefined()

    await page.fileImport.use()
    expect(page.fileImport.status.kind).toBe('none')
    expect(page.input.file).toMatchObject({ name: 'a.csv', skipped: 1 })
    expect(page.input.isSample).toBe(false)
    expect(page.input.lines).toEqual([
      { line: 2, text: 'Profit rose', goldId: 'positive', other: { id: '7', label: 'bullish' } },
      { line: 3, text: 'Profit fell', goldId: 'negative', other: { id: '8', label: 'bearish' } },
    ])
    page.input.leaveFile()
    expect(page.input.isSample).toBe(true)
  })

  it('is classified also when that is asked while its rows are being read', async () => {
    const page = await composePage()
    await page.fileImport.open(file())
    const used = page.fileImport.use()
    expect(page.fileImport.status.kind).toBe('reading')
    await page.classify()
    expect(await used).toBe(true)
    expect(shownRows(page).map(({ text }) => text)).toEqual(['Profit rose', 'Profit fell'])
  })

  it('that is given up while its rows are being read leaves the text unclassified', async () => {
    const page = await composePage()
    await page.fileImport.open(file())
    void page.fileImport.use()
    const asked = page.classify()
    page.fileImport.dismiss()
    await asked
    expect(page.run.shown).toBeUndefined()
    expect(page.run.status.kind).toBe('idle')
  })

  it('is there again after a reload, until it is left', async () => {
    const store = new MemoryStore()
    const page = await composePage({ store })
    await page.fileImport.open(file('text,pair\nUp,Down\n'))
    await page.fileImport.use()
    await vi.waitFor(() => expect(page.input.fileKeeping).toBe('stored'))
    const later = await composePage({ store })
    expect(later.input.file).toMatchObject({ name: 'a.csv' })
    expect(later.input.lines).toEqual([{ line: 2, text: 'Up', pair: 'Down', other: {} }])
    expect(later.input.fileKeeping).toBe('stored')
    later.input.leaveFile()
    await vi.waitFor(() =>
      expect([...store.records.keys()].filter((key) => key.startsWith('file'))).toEqual([]),
    )
    expect((await composePage({ store })).input.isSample).toBe(true)
  })

  it('can be used where storage is refused, and says so', async () => {
    const store = new MemoryStore()
    store.isRefusing = true
    const page = await composePage({ store })
    await page.fileImport.open(file())
    await page.fileImport.use()
    await vi.waitFor(() => expect(page.input.fileKeeping).toBe('refused'))
    expect(page.notes.sentences).toHaveLength(1)
    await page.classify()
    expect(shownRows(page)).toHaveLength(2)
  })

  it('keeps the columns that were picked when it is read otherwise', async () => {
    const page = await composePage()
    await page.fileImport.open(file('text,pair,a,b\nup,down,one,two\n'))
    const choice = () => (page.fileImport.status.kind === 'open' ? page.fileImport.status.choice : undefined)
    expect(choice()).toMatchObject({ textColumn: 'text', pairColumn: 'pair' })
    page.fileImport.chooseText('a')
    page.fileImport.choosePair('b')
    await page.fileImport.reopen({ labelColumn: '' })
    expect(choice()).toEqual({ textColumn: 'a', pairColumn: 'b' })
    page.fileImport.chooseText('b')
    expect(choice()).toEqual({ textColumn: 'b' })
    await page.fileImport.reopen({ encoding: 'windows-1252' })
    expect(choice()).toEqual({ textColumn: 'b' })
    await page.fileImport.open(file('text,pair\nup,down\n'))
    expect(choice()).toEqual({ textColumn: 'text', pairColumn: 'pair' })
  })

  it('brings its pairs into the run, the search, and what counts as another text', async () => {
    const page = await composePage()
    await page.fileImport.open(file('text,pair\nup,one\nup,two\n'))
    await page.fileImport.use()
    await page.classify()
    expect(shownRows(page).map(({ pair }) => pair)).toEqual(['one', 'two'])
    // The same text with another pair is asked as another.
    const [one, two] = shownRows(page)
    expect(one?.probabilities).not.toEqual(two?.probabilities)
    page.view.search('TWO')
    expect(shownRows(page).map(({ line }) => line)).toEqual([3])
    expect(page.changedSince).toEqual([])
    await page.fileImport.open(file('text,pair\nup,one\nup,three\n'))
    await page.fileImport.use()
    expect(page.changedSince).toEqual(['text'])
  })

  it('brings its row numbers, gold labels and other columns into the results', async () => {
    const page = await composePage()
    await page.fileImport.open(file())
    await page.fileImport.use()
    await page.classify()
    expect(shownRows(page).map(({ line, goldId, other }) => [line, goldId, other?.['id']])).toEqual([
      [2, 'positive', '7'],
      [3, 'negative', '8'],
    ])
  })

  it('is read by what was chosen', async () => {
    const page = await composePage()
    await page.fileImport.open(file('a,b\nup up,down down\n'))
    page.fileImport.chooseText('b')
    await page.fileImport.use()
    expect(page.input.lines).toMatchObject([{ text: 'down down', other: { a: 'up up' } }])
  })

  it('is opened again when it is to be read otherwise, with all that was asked before', async () => {
    const page = await composePage()
    await page.fileImport.open(file('a;b\n"x" y;2\n', 'a.txt'))
    await page.fileImport.reopen({ encoding: 'windows-1252' })
    await page.fileImport.reopen({ table: { quotes: 'none', delimiter: ';' } })
    const { status } = page.fileImport
    expect(status.kind === 'open' && status.preview.reading).toMatchObject({
      encoding: 'windows-1252',
      layout: { kind: 'table', quotes: 'none' },
    })
  })

  it('that cannot be read is refused with what is wrong, and forgotten when it is dismissed', async () => {
    const page = await composePage()
    await page.fileImport.open(file(''))
    expect(page.fileImport.status).toMatchObject({ kind: 'refused', error: { code: 'empty' } })
    page.fileImport.dismiss()
    expect(page.fileImport.status.kind).toBe('none')
  })

  it('that is opened while another is still looked at takes its place', async () => {
    const page = await composePage()
    const first = page.fileImport.open(file(`text\n${'a\n'.repeat(300_000)}`, 'first.csv'))
    await page.fileImport.open(file(csv, 'second.csv'))
    await first
    const { status } = page.fileImport
    expect(status.kind === 'open' && status.file.name).toBe('second.csv')
  })
})
