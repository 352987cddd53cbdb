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
