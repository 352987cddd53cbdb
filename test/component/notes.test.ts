import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import NoteList from '../../src/ui/frame/NoteList.svelte'
import { composePage } from '../support/compose-page'
import WithPage from './WithPage.svelte'

it('what is offered is announced, and taken or declined by a button; notes stay beside it', async () => {
  const page = await composePage()
  const accept = vi.fn()
  const offer = { sentence: 'New version ready.', label: 'Reload', accept }
  page.notes.add('Something was left out.')
  page.notes.offer(offer)
  render(WithPage, { page, part: NoteList })
  expect(screen.getByRole('status').textContent).toContain('New version ready.')
  await userEvent.click(screen.getByRole('button', { name: 'Reload' }))
  expect(accept).toHaveBeenCalledOnce()
  await userEvent.click(screen.getByRole('button', { name: 'Not now' }))
  expect(screen.queryByText('New version ready.')).toBeNull()
  expect(screen.getByText('Something was left out.')).toBeTruthy()
})
