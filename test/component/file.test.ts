import { fireEvent, render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Smallcap } from '../../src/state/smallcap.svelte'
import ClassifyView from '../../src/ui/ClassifyView.svelte'
import FilePanel from '../../src/ui/file/FilePanel.svelte'
import { composePage } from '../support/compose-page'
import { nodeFile } from '../support/node-file.mjs'
import { stubSurroundings } from './surroundings'
import WithPage from './WithPage.svelte'

beforeAll(stubSurroundings)

let page: Smallcap
beforeEach(async () => {
  page = await composePage()
  await page.loader.ensure('smallcap-t5-nano')
})

const exchanged = [
  'id,text,label',
  ...Array.from({ length: 40 }, (_, index) => `${index},Profit number ${index},${index < 30 ? 1 : 2}`),
].join('\n')

describe('what is dragged onto the page', () => {
  const entry = (isDirectory: boolean) => ({ webkitGetAsEntry: () => ({ isDirectory }) })
  const one = nodeFile('text\nUp\n', 'my.csv')
  const dropped = (files: readonly File[], items: readonly unknown[]) => ({
    dataTransfer: { files, items, types: ['Files'] },
  })

  it('shows where it can be dropped, until it is dropped or leaves', async () => {
    render(WithPage, { page, part: ClassifyView })
    const over = { dataTransfer: { types: ['Files'] } }
    await fireEvent.dragOver(document.body, over)
    expect(screen.getByText('Drop the file to open it')).toBeTruthy()
    await fireEvent.dragLeave(document.body, { relatedTarget: null })
    expect(screen.queryByText('Drop the file to open it')).toBeNull()
    await fireEvent.dragOver(document.body, { dataTransfer: { types: ['text/plain'] } })
    expect(screen.queryByText('Drop the file to open it')).toBeNull()
    await fireEvent.dragOver(document.body, over)
    await fireEvent.drop(document.body, dropped([one], [entry(false)]))
    expect(screen.queryByText('Drop the file to open it')).toBeNull()
    const use = await screen.findByRole('button', { name: 'Use these rows' }, { timeout: 5000 })
    expect(use).toBeTruthy()
  })

  it.each([
    ['several files', [one, one], [entry(false), entry(false)], /^2 files were dropped, and none was opened/],
    ['a folder', [nodeFile('', 'tweets')], [entry(true)], /^The folder “tweets” was dropped/],
    ['no file at all', [], [entry(false)], /is no file that this page can read/],
  ])('is refused in a sentence when it is %s, and the text stays', async (_, files, items, sentence) => {
    render(WithPage, { page, part: ClassifyView })
    await fireEvent.drop(document.body, dropped(files, items))
    expect(screen.getByRole('alert').textContent.trim()).toMatch(sentence)
    expect(page.fileImport.status.kind).toBe('none')
    expect(screen.getByRole('textbox', { name: 'Text, one per line' })).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss' }))
    expect(screen.queryByText(sentence)).toBeNull()
  })
})

describe('a file in the place of the text', () => {
  it('that is dropped shows what it is, is used, and is left again', async () => {
    render(WithPage, { page, part: ClassifyView })
    const pane = screen.getByRole('region', { name: 'Input' })
    const files = [nodeFile(exchanged, 'my.csv')]
    await fireEvent.drop(pane, { dataTransfer: { files, items: [], types: ['Files'] } })
    expect(await within(pane).findByText(/a table with commas; it looks like Twitter/)).toBeTruthy()
    expect(within(pane).queryByRole('textbox')).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: 'Use these rows' }))
    expect(await within(pane).findByText('40 rows')).toBeTruthy()
    expect(within(pane).getByText('Profit number 0')).toBeTruthy()
    expect(within(pane).getByText(/40 with a gold label/)).toBeTruthy()
    await userEvent.click(within(pane).getByRole('button', { name: 'Back to the text' }))
    expect(within(pane).getByRole('textbox', { name: 'Text, one per line' })).toBeTruthy()
  })

  it('whose labels seem exchanged says so, and they can be exchanged or mapped by hand', async () => {
    render(WithPage, { page, part: FilePanel })
    await page.fileImport.open(nodeFile(exchanged, 'my.csv'))
    const one = await screen.findByRole<HTMLSelectElement>('combobox', { name: 'What 1 means' })
    const two = screen.getByRole<HTMLSelectElement>('combobox', { name: 'What 2 means' })
    expect([one.value, two.value]).toEqual(['positive', 'neutral'])
    await userEvent.click(screen.getByRole('button', { name: 'Exchange 1 and 2' }))
    expect([one.value, two.value]).toEqual(['neutral', 'positive'])
    await userEvent.selectOptions(two, 'no label')
    await page.fileImport.use()
    expect(page.input.lines.filter(({ goldId }) => goldId === 'neutral')).toHaveLength(30)
    expect(page.input.lines.filter(({ goldId }) => goldId === undefined)).toHaveLength(10)
  })

  it('is read by the columns that are picked', async () => {
    render(WithPage, { page, part: FilePanel })
    await page.fileImport.open(nodeFile('text,note,mood\nUp up,Down down,bullish\n', 'my.csv'))
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Text' }), 'note')
    expect(screen.getByText('Down down')).toBeTruthy()
    expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Gold labels' }).value).toBe('mood')
    await page.fileImport.use()
    expect(page.input.lines).toMatchObject([{ text: 'Down down', goldId: 'positive' }])
  })

  it('with pairs proposes them, and they can be left out', async () => {
    render(WithPage, { page, part: FilePanel })
    await page.fileImport.open(nodeFile('premise,hypothesis\nUp up,Down down\n', 'my.csv'))
    const pair = await screen.findByRole<HTMLSelectElement>('combobox', { name: 'Pair' })
    expect(pair.value).toBe('hypothesis')
    expect(within(screen.getByRole('list', { name: 'First pairs' })).getByText('Down down')).toBeTruthy()
    // A text is not its own pair.
    expect([...pair.options].map(({ value }) => value)).toEqual(['', 'hypothesis'])
    await userEvent.selectOptions(pair, 'none')
    expect(screen.queryByRole('list', { name: 'First pairs' })).toBeNull()
    await page.fileImport.use()
    expect(page.input.lines).toEqual([{ line: 2, text: 'Up up', other: { hypothesis: 'Down down' } }])
  })

  it('moves the focus into what takes the place of what had it', async () => {
    render(WithPage, { page, part: ClassifyView })
    const pane = screen.getByRole('region', { name: 'Input' })
    screen.getByRole('button', { name: 'Open a file' }).focus()
    await page.fileImport.open(nodeFile('text\nUp\n', 'my.csv'))
    await screen.findByRole('button', { name: 'Use these rows' })
    expect(document.activeElement).toBe(screen.getByRole('group', { name: 'File my.csv' }))
    await userEvent.click(screen.getByRole('button', { name: 'Use these rows' }))
    const summary = await screen.findByRole('group', { name: 'Rows of my.csv' })
    expect(document.activeElement).toBe(summary)
    await userEvent.click(within(pane).getByRole('button', { name: 'Back to the text' }))
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Text, one per line' }))
  })

  it('leaves the focus alone that is elsewhere', async () => {
    render(WithPage, { page, part: ClassifyView })
    const classify = screen.getByRole('button', { name: /Classify/ })
    classify.focus()
    await page.fileImport.open(nodeFile('text\nUp\n', 'my.csv'))
    await screen.findByRole('button', { name: 'Use these rows' })
    expect(document.activeElement).toBe(classify)
  })

  it('that is refused says why and what can be done', async () => {
    render(WithPage, { page, part: FilePanel })
    await page.fileImport.open(nodeFile('text,label\n"Up" they said,1\n', 'my.csv'))
    expect((await screen.findByRole('alert')).textContent).toMatch(/^my\.csv, line 2, column 1: the quotes/)
    await userEvent.click(screen.getByRole('button', { name: 'Take quotes as text' }))
    expect(await screen.findByText('"Up" they said')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(page.fileImport.status.kind).toBe('none')
  })
})
