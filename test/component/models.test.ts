import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeAll, expect, it } from 'vitest'
import { success } from '../../src/domain/outcome'
import type { Inspection, ModelPlace } from '../../src/store/contract'
import StoredModels from '../../src/ui/models/StoredModels.svelte'
import WriteOut from '../../src/ui/models/WriteOut.svelte'
import { composePage } from '../support/compose-page'
import { createFakeStore, storedModel } from '../support/fake-store'
import { stubSurroundings } from './surroundings'
import WithPage from './WithPage.svelte'

beforeAll(stubSurroundings)

const cutOff = storedModel({
  id: 'files:0123:t5-int8',
  name: 'my model',
  origin: { kind: 'files', name: 'my model' },
  doneBytes: 100e6,
  state: { phase: 'interrupted' },
})
const lora = storedModel({
  id: 'hub:lora',
  name: 'acme/lora',
  kind: 'adapter',
  baseModel: 'google/flan-t5-large',
})
const row = (name: string) => within(screen.getByRole('group', { name }))

it('says that a folder which was cut off has to be opened again, and goes on with it in its own row', async () => {
  const asked: ModelPlace[] = []
  const choice = { isPack: false, adapters: [], downloadBytes: 308e6, storedBytes: 79e6, files: [] }
  const inspection: Inspection = {
    origin: cutOff.origin,
    name: 'my model',
    files: [],
    choices: [
      { ...choice, model: 'files:0123:t5-as-published', kind: 't5', numberFormat: 'as published' },
      { ...choice, model: cutOff.id, kind: 't5', numberFormat: 'int8' },
    ],
  }
  const modelStore = createFakeStore([cutOff], {
    async inspect(place) {
      asked.push(place)
      return success(inspection)
    },
  })
  const page = await composePage({ modelStore })
  await page.models.refresh()
  render(WithPage, { page, part: StoredModels })
  const mine = row('my model')
  mine.getByText(/interrupted at 100\.0 MB of 308\.0 MB\. To go on, open the same folder or files again/)
  expect(mine.queryByRole('button', { name: 'Resume' })).toBeNull()
  mine.getByRole('button', { name: 'Open a folder of this device' })
  const picker = screen.getByLabelText<HTMLInputElement>('Files of a model')
  // jsdom's files have no path.
  const path = { webkitRelativePath: 'my model/config.json' }
  await userEvent.upload(picker, Object.assign(new File(['{}'], 'config.json'), path))
  expect(asked).toMatchObject([{ kind: 'files', name: 'my model', files: [{ path: 'config.json' }] }])
  // What it was begun as is what it goes on as.
  expect((await mine.findByRole<HTMLInputElement>('radio', { name: /int8/ })).checked).toBe(true)
  mine.getByRole('button', { name: 'Store it' })
})

it('puts an adapter on a model, says what it was made for, and takes it off', async () => {
  const page = await composePage({ modelStore: createFakeStore([lora]) })
  await page.models.refresh()
  render(WithPage, { page, part: StoredModels })
  const mine = row('acme/lora')
  mine.getByText(/made for google\/flan-t5-large, and nano is another model/)
  mine.getByText(/google\/flan-t5-large is not stored in this browser/)
  await userEvent.click(mine.getByRole('button', { name: 'Put on' }))
  await mine.findByText(/It fits nano/)
  // Of the next one nothing is said before it is chosen.
  expect(mine.queryByText(/is another model/)).toBeNull()
  await userEvent.selectOptions(mine.getByRole('combobox'), 'mini')
  mine.getByText(/and mini is another model/)
  await userEvent.click(mine.getByRole('button', { name: /^Take off/ }))
  expect(page.adapters.puts).toEqual([])
  expect(page.loader.summaryOf('smallcap-t5-nano')?.adapters).toEqual(['finance'])
})

it('tells the bytes of each layout, and what can be written of an adapter', async () => {
  const page = await composePage()
  render(WithPage, { page, part: WriteOut })
  await userEvent.click(await screen.findByRole('button', { name: 'Load it' }))
  expect(await screen.findAllByRole('radio')).toHaveLength(2)
  screen.getByRole('radio', { name: /safetensors in 32 bits, for transformers.*about 8\.0 MB/ })
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Weights' }), 'finance')
  screen.getByRole('radio', { name: /the adapter by itself, for PEFT.*about 640 kB/ })
})
