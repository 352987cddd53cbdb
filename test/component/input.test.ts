import { cleanup, render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SAMPLE_LINES } from '../../src/samples/sample-lines'
import type { Smallcap } from '../../src/state/smallcap.svelte'
import ClassifyAction from '../../src/ui/input/ClassifyAction.svelte'
import LargeText from '../../src/ui/input/LargeText.svelte'
import Setup from '../../src/ui/input/Setup.svelte'
import TextBox from '../../src/ui/input/TextBox.svelte'
import { composePage } from '../support/compose-page'
import { storedModel } from '../support/fake-store'
import { stubSurroundings } from './surroundings'
import WithPage from './WithPage.svelte'

beforeAll(stubSurroundings)

let page: Smallcap
beforeEach(async () => {
  page = await composePage({ delayMs: 5 })
})

describe('TextBox', () => {
  it('holds the sample lines, says so, and can be cleared and filled again', async () => {
    render(WithPage, { page, part: TextBox })
    const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Text, one per line' })
    expect(box.value).toBe(SAMPLE_LINES.join('\n'))
    expect(screen.getByText('Examples written for this page')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }))
    expect(box.value).toBe('')
    expect(document.activeElement).toBe(box)
    expect(screen.queryByText('Examples written for this page')).toBeNull()
    await userEvent.type(box, 'one{Enter}{Enter}two')
    expect(screen.getByText('2 lines')).toBeTruthy()
    await userEvent.clear(box)
    await userEvent.click(screen.getByRole('button', { name: 'Use the example lines' }))
    expect(page.input.isSample).toBe(true)
  })
})

describe('LargeText', () => {
  it('shows a pasted text as its lines, and gives the text before it back', async () => {
    page.input.write('my own words')
    render(WithPage, { page, part: TextBox })
    const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Text, one per line' })
    box.focus()
    box.setSelectionRange(2, 2)
    const many = Array.from({ length: 2000 }, (_, place) => `Line ${place}`).join('\n')
    await userEvent.paste(many)
    expect(page.input.text).toBe(`my${many} own words`)
    cleanup()
    render(WithPage, { page, part: LargeText })
    await screen.findByText('2,000 lines')
    await userEvent.click(screen.getByRole('button', { name: 'Back to the text before' }))
    expect(page.input.text).toBe('my own words')
    cleanup()
    page.input.take(many)
    page.input.clear()
    render(WithPage, { page, part: TextBox })
    await userEvent.click(screen.getByRole('button', { name: 'Back to the text before' }))
    expect(page.input.text).toBe(many)
  })

  it('is said to be read while it is, in a text box too', () => {
    page.input.write(Array.from({ length: 2000 }, (_, place) => `Line ${place}`).join('\n'))
    render(WithPage, { page, part: TextBox })
    screen.getByText('reading …')
  })
})

describe('Setup', () => {
  it('offers the models of the catalogue with their sizes', async () => {
    render(WithPage, { page, part: Setup })
    await userEvent.click(screen.getByRole('radio', { name: 'mini 6.6M, 8.9 MB' }))
    expect(page.model?.id).toBe('smallcap-t5-mini')
  })

  it('asks about demonstrations in k-shot only, and about a seed only where one is used', async () => {
    render(WithPage, { page, part: Setup })
    expect(screen.queryByRole('radio', { name: 'balanced' })).toBeNull()
    await userEvent.click(screen.getByRole('radio', { name: 'k-shot' }))
    await userEvent.click(screen.getByRole('radio', { name: '10' }))
    await userEvent.click(screen.getByRole('radio', { name: 'random' }))
    const seed = screen.getByRole('spinbutton', { name: 'Seed' })
    await userEvent.clear(seed)
    await userEvent.type(seed, '42{Enter}')
    await userEvent.tab()
    expect(page.settings).toMatchObject({ mode: 'k-shot', k: 10, policy: 'random', seed: 42 })
    await userEvent.clear(seed)
    await userEvent.tab()
    expect(page.settings.seed).toBe(42)
    page.settings.change({ seed: 2 ** 31 - 1 })
    await userEvent.click(screen.getByRole('button', { name: 'Next seed' }))
    expect(page.settings.seed).toBe(2 ** 31 - 1)
    await userEvent.click(screen.getByRole('radio', { name: 'most similar' }))
    expect(screen.queryByRole('spinbutton', { name: 'Seed' })).toBeNull()
    expect(screen.getByText(`The ${page.demonstrations.pool.length} built-in demonstrations`)).toBeTruthy()
  })

  it('asks which adapter where there are several, and says which could not be put back', async () => {
    render(WithPage, { page, part: Setup })
    await page.loader.ensure('smallcap-t5-nano')
    expect(screen.queryByRole('combobox', { name: 'Adapter' })).toBeNull()
    await page.adapters.put('smallcap-t5-nano', storedModel({ id: 'hub:lora', name: 'acme/lora' }))
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Adapter' }), 'acme/lora')
    expect(page.settings).toMatchObject({ mode: 'fine-tuned', adapter: 'acme/lora' })
    await userEvent.click(screen.getByRole('radio', { name: 'zero-shot' }))
    expect(screen.queryByRole('combobox', { name: 'Adapter' })).toBeNull()

    const misfits: string[] = []
    page = await composePage({ delayMs: 1, misfits })
    await page.adapters.put('smallcap-t5-nano', storedModel({ id: 'hub:lora', name: 'acme/lora' }))
    misfits.push('acme/lora')
    await page.loader.reload('smallcap-t5-nano')
    cleanup()
    render(WithPage, { page, part: Setup })
    expect(screen.getByRole('alert').textContent).toContain('“acme/lora” cannot be put on')
  })

  it('lets demonstrations come from the project’s own labels, once there are some', async () => {
    await page.start()
    page.settings.change({ mode: 'k-shot' })
    render(WithPage, { page, part: Setup })
    expect(screen.queryByRole('radio', { name: /my labels/ })).toBeNull()
    const labelling = await page.desk.open()
    await labelling.add([{ line: 1, text: 'A fine quarter' }])
    await labelling.label('positive')
    await userEvent.click(await screen.findByRole('radio', { name: 'my labels 1' }))
    expect(page.project.head.demonstrations).toBe('own')
    await userEvent.click(await screen.findByText('1 labelled in this project'))
    expect(screen.getByRole('list', { name: 'Demonstrations' }).textContent).toContain('A fine quarter')
  })

  it('says what cannot be asked, and opens what can be changed', async () => {
    await page.start()
    const labels = ['bug', 'praise'].map((id) => ({ id, words: id, aliases: [] }))
    await page.project.change({ task: { template: '{text}', labels } })
    render(WithPage, { page, part: Setup })
    expect(screen.getByText(/An adapter answers for the labels that it was trained on/)).toBeTruthy()
    await userEvent.click(screen.getByRole('radio', { name: 'k-shot' }))
    expect(screen.getByText(/k-shot needs labelled examples/)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Edit labels' }))
    expect(page.projectDialog.kind).toBe('task')
  })

  it('takes a threshold only between 0 and 1', async () => {
    render(WithPage, { page, part: Setup })
    const threshold = screen.getByRole<HTMLInputElement>('spinbutton', { name: /Not sure below/ })
    await userEvent.clear(threshold)
    await userEvent.type(threshold, '7')
    await userEvent.tab()
    expect(page.settings.threshold).toBe(1)
    expect(threshold.value).toBe('1.00')
  })
})

describe('ClassifyAction', () => {
  it('turns into Stop with the count, and back', async () => {
    render(WithPage, { page, part: ClassifyAction })
    await userEvent.click(screen.getByRole('button', { name: /^Classify/ }))
    await screen.findByText(/of 12$/)
    expect(screen.getByRole('progressbar', { name: 'Texts classified' })).toBeTruthy()
    const stop = screen.getByRole('button', { name: /^Stop/ })
    expect(document.activeElement).toBe(stop)
    await userEvent.click(stop)
    await screen.findByRole('button', { name: /^Classify/ })
    expect(page.run.status.kind).toBe('stopped')
  })

  it('holds a run and resumes it', async () => {
    page.input.write(Array.from({ length: 60 }, (_, place) => `Line ${place}`).join('\n'))
    render(WithPage, { page, part: ClassifyAction })
    await userEvent.click(screen.getByRole('button', { name: /^Classify/ }))
    await userEvent.click(await screen.findByRole('button', { name: 'Pause P' }))
    await screen.findByText(/^Paused at \d+ of 60$/)
    expect(page.run.status.kind).toBe('paused')
    const kept = page.run.shown?.count ?? 0
    await userEvent.click(screen.getByRole('button', { name: 'Resume P' }))
    await expect.poll(() => page.run.status.kind).toBe('done')
    expect(kept).toBeLessThan(60)
    expect(page.run.shown?.count).toBe(60)
  })

  it('tells before a long run how long it will take, once that was measured', async () => {
    await page.start()
    render(WithPage, { page, part: ClassifyAction })
    expect(screen.queryByText(/^takes about/)).toBeNull()
    page.input.write(Array.from({ length: 400 }, (_, place) => `Line ${place}`).join('\n'))
    await screen.findByText(/^takes about \d+ s$/)
    page.input.write('One line.')
    await expect.poll(() => screen.queryByText(/^takes about/)).toBeNull()
  })

  it('cannot be pressed without text, and says what to do', () => {
    page.input.clear()
    render(WithPage, { page, part: ClassifyAction })
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Classify/ }).disabled).toBe(true)
    expect(screen.getByText('Paste a few lines first.')).toBeTruthy()
  })
})
