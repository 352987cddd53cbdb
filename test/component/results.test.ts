import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeAll, describe, expect, it } from 'vitest'
import { toldOf, ONE_TEXT_AT_A_TIME } from '../../src/domain/run-parts'
import type { ResultRow as Row } from '../../src/domain/results'
import type { Smallcap } from '../../src/state/smallcap.svelte'
import { labelLooks } from '../../src/ui/label-look'
import EngineChip from '../../src/ui/frame/EngineChip.svelte'
import FilterChips from '../../src/ui/results/FilterChips.svelte'
import RunNotice from '../../src/ui/results/RunNotice.svelte'
import { composePage, type PageOptions } from '../support/compose-page'
import { shownRows } from '../support/shown-rows'
import { MemoryStore } from '../support/memory-store'
import { isShown, stubSurroundings } from './surroundings'
import WithPage from './WithPage.svelte'

beforeAll(stubSurroundings)

async function visited(options: PageOptions = {}): Promise<Smallcap> {
  const page = await composePage(options)
  await page.start()
  return page
}

function drawRow(page: Smallcap, change: Partial<Row> = {}) {
  const [row] = shownRows(page)
  if (!row) throw new Error('the sample lines have results')
  const { labels } = page.view
  const given = { row: { ...row, ...change }, labels, looks: labelLooks(labels), isActive: true }
  return render(WithPage, { page, row: given })
}

describe('ResultRow', () => {
  it('marks what is not sure, cut, and unreadable in words', async () => {
    drawRow(await visited(), { isUncertain: true, isCut: true, isUnreadable: true })
    expect(screen.getByText('not sure:')).toBeTruthy()
    expect(screen.getByText('cut')).toBeTruthy()
    expect(screen.getByText('cannot read')).toBeTruthy()
  })

  it('opens in place with words, scores, prompt and tokens asked for only then', async () => {
    const page = await visited()
    drawRow(page)
    const button = screen.getByRole('button', { name: /breaking out/ })
    expect(button.getAttribute('aria-expanded')).toBe('false')
    expect(screen.queryByText('Which words mattered')).toBeNull()
    await userEvent.click(button)
    expect(button.getAttribute('aria-expanded')).toBe('true')
    await screen.findByText(/^Without/)
    const prompt = await screen.findByRole('list', { name: 'Prompt tokens' })
    expect(within(prompt).getByText('</s>')).toBeTruthy()
    expect(within(prompt).getByText('unknown')).toBeTruthy()
    expect(within(screen.getByRole('table')).getAllByRole('row')).toHaveLength(5)
  })

  it('tells each word’s effect on focus, by arrow keys', async () => {
    const page = await visited()
    drawRow(page)
    await userEvent.click(screen.getByRole('button', { name: /breaking out/ }))
    const group = await screen.findByRole('group', { name: 'The text, word by word' })
    const words = await within(group).findAllByRole('button')
    words[0]?.focus()
    await userEvent.keyboard('{ArrowRight}{ArrowRight}')
    expect(document.activeElement).toBe(words[2])
    expect(screen.getByText(/^Without/).textContent).toContain(words[2]?.textContent)
    expect(words[2]?.getAttribute('aria-label')).toMatch(/ (?:[+−]\d\.\d\d|0\.00)$/)
  })
})

describe('RunNotice', () => {
  it('says what was kept when the engine died, and goes on with the rest', async () => {
    const page = await visited({ diesAfter: 4 })
    render(WithPage, { page, part: RunNotice })
    expect(screen.getByRole('alert').textContent).toContain('The engine stopped; 4 of 12 results were kept.')
    expect(screen.getByRole('alert').textContent).toContain('The engine ran out of memory.')
    await userEvent.click(screen.getByRole('button', { name: 'Continue with the 8 lines left' }))
    await expect.poll(() => page.run.status.kind).toBe('done')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('offers to start over only where what was kept answers the same question', async () => {
    const page = await visited({ diesAfter: 4 })
    const runId = page.run.shown?.runId
    render(WithPage, { page, part: RunNotice })
    page.settings.change({ mode: 'zero-shot' })
    await expect.poll(() => screen.queryByRole('button', { name: 'Start over' })).toBeNull()
    page.settings.change({ mode: 'fine-tuned' })
    await userEvent.click(await screen.findByRole('button', { name: 'Start over' }))
    await expect.poll(() => page.run.status.kind).toBe('done')
    expect(page.run.shown?.runId).not.toBe(runId)
  })

  it('shows the engine’s own sentence when a model cannot be loaded, with a way to try again', async () => {
    const message = 'models/smallcap-t5-nano/config.json could not be fetched (404).'
    const page = await visited({ failsLoad: { code: 'model-unavailable', message } })
    render(WithPage, { page, part: RunNotice })
    expect(screen.getByRole('alert').textContent).toContain(message)
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
  })

  it('says that results are of an earlier text or mode, until they are not', async () => {
    const page = await visited()
    render(WithPage, { page, part: RunNotice })
    expect(screen.queryByText(/earlier/)).toBeNull()
    page.input.write('New.')
    page.settings.change({ mode: 'zero-shot' })
    await screen.findByText('These results are from the earlier text and mode.')
    await userEvent.click(screen.getByRole('button', { name: 'Classify again' }))
    await expect.poll(() => screen.queryByText(/earlier/)).toBeNull()
  })
})

describe('RunNotice about another run than the one shown', () => {
  it('does not offer an older run as if it were the one that failed', async () => {
    const page = await composePage({ diesAfter: 4, failsLoadOf: 'smallcap-t5-mini' })
    await page.start()
    page.pickModel('smallcap-t5-mini')
    await page.classify()
    render(WithPage, { page, part: RunNotice })
    const alert = screen.getByRole('alert')
    expect(alert.textContent).toContain('The run failed before the first result.')
    expect(alert.textContent).not.toContain('kept')
    expect(screen.queryByRole('button', { name: /^Continue/ })).toBeNull()
    expect(within(alert).getByRole('button', { name: 'Try again' })).toBeTruthy()
    screen.getByText(
      /The results below are of the run before: 4 of 12 lines by nano\s+fine-tuned with finance\./,
    )
    await userEvent.click(screen.getByRole('button', { name: 'Finish that run, 8 lines left' }))
    await expect.poll(() => page.run.status.kind).toBe('done')
    expect(page.run.shown?.setup.model).toBe('smallcap-t5-nano')
    expect(page.run.shown?.count).toBe(12)
  })
})

describe('FilterChips', () => {
  it('counts what each filter shows, and leaves out kinds that do not occur', async () => {
    const page = await visited()
    render(WithPage, { page, part: FilterChips })
    for (const [labelId, count] of page.view.counts.perLabel) {
      expect(screen.getByRole('radio', { name: `${labelId} ${count}` })).toBeTruthy()
    }
    expect(screen.queryByRole('radio', { name: /^cut/ })).toBeNull()
    await userEvent.click(screen.getByRole('radio', { name: /^not sure/ }))
    expect(shownRows(page).every(({ isUncertain }) => isUncertain)).toBe(true)
  })
})

describe('ResultsFooter', () => {
  it('says how the numbers were made', async () => {
    const page = await visited()
    const { shown } = page.run
    if (!shown) throw new Error('the sample lines have results')
    render(WithPage, { page, footer: { shown } })
    const facts = screen.getByRole('note', { name: 'How these results were made' })
    expect(facts.textContent.replace(/\s+/g, ' ')).toMatch(
      /12 of 12.*nano fine-tuned with finance,.*int8.*WASM.*2.*threads/,
    )
  })

  it('says what their number format costs, also in a later visit that loads no model', async () => {
    const store = new MemoryStore()
    const before = await visited({ store })
    await before.run.stored()
    const page = await composePage({ store })
    expect(page.loader.summary).toBeUndefined()
    const { shown } = page.run
    if (!shown) throw new Error('the results were stored')
    render(WithPage, { page, footer: { shown } })
    const button = screen.getByRole('button', { name: '99.6 % of labels as in fp32' })
    const bubble = document.getElementById(button.getAttribute('aria-describedby') ?? '')
    expect(bubble?.textContent).toContain('no more than 0.014 in 99 of 100 (500 texts of train.csv)')
  })
})

describe('ResultsFooter of a run in parts', () => {
  it('says which rules there were, by keyboard too, and that memory ran short', async () => {
    const page = await visited()
    const { shown } = page.run
    if (!shown) throw new Error('the sample lines have results')
    const part = (rows: number, batching: string) => ({
      ...{ rows, batching, threads: 2 },
      ...{ backend: 'wasm', numberFormat: 'int8', weightsSha256: 'b0b0' },
    })
    const parts = [part(5, 'by length'), part(3, ONE_TEXT_AT_A_TIME), part(4, 'by length')]
    const summary = { ...shown.summary, batching: toldOf(parts, 'batching') }
    render(WithPage, { page, footer: { shown: { ...shown, parts, summary } } })
    screen.getByText(/^3 lines\s+one text at a time, because memory ran short$/)
    await userEvent.tab()
    const rules = screen.getByRole('button', { name: '2 batching rules' })
    rules.focus()
    const id = rules.getAttribute('aria-describedby') ?? ''
    const bubble = document.getElementById(id)
    expect(bubble && isShown(bubble)).toBe(true)
    expect(bubble?.textContent).toContain('Rows 1 to 5: by length; rows 6 to 8: one text at a time')
  })
})

describe('EngineChip', () => {
  it('opens a panel with what is known of the engine', async () => {
    const page = await visited()
    render(WithPage, { page, part: EngineChip })
    expect(screen.getByRole('button', { name: /^Engine:.*nano.*fine-tuned.*ready$/ })).toBeTruthy()
    expect(screen.getByText('smallcap-t5-nano')).toBeTruthy()
    expect(screen.getByText('2.0M')).toBeTruthy()
  })
})
