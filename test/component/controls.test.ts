import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import LabelMark from '../../src/ui/controls/LabelMark.svelte'
import ProbabilityBar from '../../src/ui/controls/ProbabilityBar.svelte'
import Segmented from '../../src/ui/controls/Segmented.svelte'
import Term from '../../src/ui/controls/Term.svelte'
import Trouble from '../../src/ui/controls/Trouble.svelte'
import { labelLooks } from '../../src/ui/label-look'
import { barBackground, type BarPart } from '../../src/ui/probability-bar'
import { FINANCE_TASK } from '../support/fake-engine'
import { isShown, stubSurroundings } from './surroundings'

beforeAll(stubSurroundings)

const { labels } = FINANCE_TASK
const looks = labelLooks(labels)

describe('ProbabilityBar', () => {
  const draw = (isUncertain: boolean) =>
    render(ProbabilityBar, {
      labels,
      looks,
      probabilities: [0.2, 0.3, 0.5],
      winner: 'positive',
      isUncertain,
    })

  it('says the labels in order with their probabilities', () => {
    draw(false)
    expect(screen.getByRole('img').getAttribute('aria-label')).toBe(
      'negative 0.20, neutral 0.30, positive 0.50',
    )
  })
})

describe('barBackground', () => {
  const parts = (look: BarPart['look']): readonly BarPart[] => [
    { hue: 'vermillion', share: 0.2, look: 'other' },
    { hue: 'grey', share: 0.3, look: 'other' },
    { hue: 'blue', share: 0.5, look },
  ]

  it('draws each part as wide as its probability, a pixel between them, the winner in full colour', () => {
    const background = barBackground(parts('winner'))
    expect(background).toMatch(/^linear-gradient\(to right, color-mix\(.*\) 0% 20\.00%, transparent/)
    expect(background).toContain('transparent 20.00% calc(20.00% + 1px)')
    expect(background).toMatch(/calc\(20\.00% \+ 1px\) 50\.00%/)
    expect(background).toContain('var(--blue) calc(50.00% + 1px) 100.00%')
    expect(background).not.toContain('repeating')
  })

  it('hatches the winner, and only the winner, when not sure', () => {
    const background = barBackground(parts('hatched winner'))
    expect(background.match(/repeating-linear-gradient/g)).toHaveLength(1)
    expect(background).toContain('var(--blue) 0 2px')
    // In the place where it is: half of the bar, at the end of what is left free.
    expect(background).toContain('100.00% 0 / 50.00% 100% no-repeat')
  })
})

describe('LabelMark', () => {
  it('is a shape for labels with a direction, and a question mark when not sure', () => {
    const [negative] = looks
    if (!negative) throw new Error('there are three labels')
    const { container, unmount } = render(LabelMark, { look: negative })
    expect(container.querySelector('.down')).not.toBeNull()
    unmount()
    const unsure = render(LabelMark, { look: negative, isUncertain: true })
    expect(unsure.container.textContent).toBe('?')
  })
})

describe('labelLooks', () => {
  it('gives other label sets the Okabe–Ito order and their initials', () => {
    const set = ['terrible', 'bad', 'okay'].map((id) => ({ id, words: id, aliases: [] }))
    expect(labelLooks(set)).toEqual([
      { hue: 'orange', mark: 'T' },
      { hue: 'sky', mark: 'B' },
      { hue: 'green', mark: 'O' },
    ])
  })

  it('does not mix meanings and places within a set', () => {
    const set = ['negative', 'mixed'].map((id) => ({ id, words: id, aliases: [] }))
    expect(labelLooks(set).map(({ mark }) => mark)).toEqual(['N', 'M'])
  })
})

describe('Segmented', () => {
  it('is a radio group that tells what was picked', async () => {
    const onpick = vi.fn()
    render(Segmented, {
      legend: 'Mode',
      options: [
        { value: 'zero-shot', label: 'zero-shot', term: 'zero-shot' },
        { value: 'fine-tuned', label: 'fine-tuned' },
      ],
      value: 'fine-tuned',
      onpick,
    })
    expect(screen.getByRole('group', { name: 'Mode' })).toBeTruthy()
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'fine-tuned' }).checked).toBe(true)
    await userEvent.click(screen.getByRole('radio', { name: 'zero-shot' }))
    expect(onpick).toHaveBeenCalledExactlyOnceWith('zero-shot')
  })
})

describe('Term', () => {
  it('shows its sentence on hover and focus, hides it on Escape, and always describes the term', async () => {
    render(Term, { name: 'margin' })
    const button = screen.getByRole('button', { name: 'margin' })
    const bubble = screen.getByRole('tooltip', { hidden: true })
    expect(button.getAttribute('aria-describedby')).toBe(bubble.id)
    expect(isShown(bubble)).toBe(false)
    await userEvent.tab()
    expect(isShown(bubble)).toBe(true)
    await userEvent.keyboard('{Escape}')
    expect(isShown(bubble)).toBe(false)
    await userEvent.hover(button)
    expect(isShown(bubble)).toBe(true)
    await userEvent.unhover(button)
    expect(isShown(bubble)).toBe(false)
  })
})

describe('Trouble', () => {
  it('can be copied whole, with the code for a report', async () => {
    const user = userEvent.setup()
    render(Trouble, { title: 'The run failed.', message: 'No memory.', code: 'out-of-memory' })
    expect(screen.getByRole('alert').textContent).toContain('The run failed.')
    await user.click(screen.getByRole('button', { name: 'Copy this message' }))
    expect(await navigator.clipboard.readText()).toBe('The run failed. No memory. (out-of-memory)')
    expect(screen.getByRole('button', { name: 'Copied' })).toBeTruthy()
  })
})
