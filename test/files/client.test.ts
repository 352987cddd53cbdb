import { describe, expect, it } from 'vitest'
import { failure, success } from '../../src/domain/outcome'
import type { FileProgress, FileRow, Files } from '../../src/files/contract'
import { createFiles } from '../../workers/files/files'
import { FINANCE_TASK } from '../domain/finance-task'
import { connect } from './channel'

const { labels } = FINANCE_TASK
const small = new File(['text,label\nUp,1\n'], 'a.csv')
const row = (index: number): string =>
  `Company ${index} says its profit rose by ${index % 90} % this year,${index % 3}\n`
const large = (count: number): File =>
  new File(['text,label\n', ...Array.from({ length: count }, (_, index) => row(index))], 'large.csv')

const never = <T>(): Promise<T> => new Promise(() => undefined)
const silent = (): Files => ({ open: never, read: never, cancel: () => Promise.resolve() })

async function opened(client: ReturnType<typeof connect>['client'], file: File) {
  const preview = await client.open(file, { labels })
  if (!preview.ok) throw new Error(preview.error.message)
  return { reading: preview.value.reading, choice: preview.value.choice }
}

describe('100,000 rows', () => {
  it('come in order, in pages of at most 1,000, with progress by bytes up to the whole', async () => {
    const file = large(100_000)
    const { client } = connect()
    const steps: FileProgress[] = []
    const preview = await client.open(file, { labels }, { onProgress: (step) => void steps.push(step) })
    if (!preview.ok) throw new Error(preview.error.message)
    expect(preview.value.rows).toEqual({ count: 100_000, isExact: true })
    expect(steps.at(-1)).toEqual({ readBytes: file.size, totalBytes: file.size })
    expect(steps.map(({ readBytes }) => readBytes)).toEqual(
      steps.map(({ readBytes }) => readBytes).sort((a, b) => a - b),
    )

    const { reading, choice } = preview.value
    let count = 0
    let largest = 0
    let areInOrder = true
    let last: FileProgress | undefined
    const onRows = (rows: readonly FileRow[], progress: FileProgress) => {
      // The header is line 1.
      areInOrder &&= rows.every((each) => each.row === (count += 1) + 1)
      largest = Math.max(largest, rows.length)
      last = progress
    }
    const summary = await client.read(file, { reading, choice }, { onRows })
    expect(summary).toMatchObject({ ok: true, value: { rows: 100_000, labelled: 100_000 } })
    expect(count).toBe(100_000)
    expect(areInOrder).toBe(true)
    expect(largest).toBe(1000)
    expect(last).toEqual({ readBytes: file.size, totalBytes: file.size })
  })

  it('wait for a page that is slow to take them', async () => {
    const file = large(5000)
    const { client } = connect()
    let isTaking = false
    const onRows = async () => {
      expect(isTaking).toBe(false)
      isTaking = true
      await new Promise((resolve) => setTimeout(resolve, 5))
      isTaking = false
    }
    expect(await client.read(file, await opened(client, file), { onRows })).toMatchObject({ ok: true })
  })
})

describe('stop', () => {
  it('ends a reading within a page, in both steps, and the worker goes on living', async () => {
    const file = large(200_000)
    const { client, started } = connect()
    const request = await opened(client, file)
    const controller = new AbortController()
    let pages = 0
    const onRows = () => {
      pages += 1
      if (pages === 3) controller.abort()
    }
    const outcome = await client.read(file, request, { signal: controller.signal, onRows })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled', file: 'large.csv' } })
    expect(pages).toBeLessThan(6)

    const opening = new AbortController()
    const onProgress = () => opening.abort()
    expect(await client.open(file, { labels }, { signal: opening.signal, onProgress })).toMatchObject({
      ok: false,
      error: { code: 'cancelled' },
    })
    expect(await client.open(small, { labels })).toMatchObject({ ok: true })
    expect(started()).toBe(1)
  })

  it('ends the worker when it does not heed it within a second', async () => {
    const { client, started } = connect(silent)
    const controller = new AbortController()
    const outcome = client.open(small, { labels }, { signal: controller.signal })
    controller.abort()
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    void client.open(small, { labels })
    expect(started()).toBe(2)
  })

  it('keeps a job from beginning whose signal is aborted already', async () => {
    const { client, started } = connect()
    const outcome = await client.open(small, { labels }, { signal: AbortSignal.abort() })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(started()).toBe(0)
  })
})

describe('a worker that is lost', () => {
  it('is told of by file and reason, and the next call has a new one', async () => {
    let isFirst = true
    const { client, kill, started } = connect(() => {
      const files = isFirst ? silent() : createFiles(() => 0)
      isFirst = false
      return files
    })
    const outcome = client.open(small, { labels })
    kill('it ran out of memory')
    expect(await outcome).toEqual(
      failure({
        code: 'worker-lost',
        message: 'a.csv: the reader of files was ended, because it ran out of memory.',
        file: 'a.csv',
      }),
    )
    expect(await client.open(small, { labels })).toMatchObject({ ok: true })
    expect(started()).toBe(2)
  })

  it('is given up when it falls silent', async () => {
    const { client } = connect(silent, 50)
    const outcome = await client.open(small, { labels })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'worker-lost' } })
    expect(outcome.ok ? '' : outcome.error.message).toContain('did not get on')
  })

  it('is not given up while the page takes its time with the rows', async () => {
    const onePage = (): Files => ({
      ...silent(),
      read: async (_, __, ___, onRows) => {
        await onRows([], { readBytes: 1, totalBytes: 1 })
        const none = { count: 0, examples: [] }
        return success({ rows: 0, labelled: 0, unreadableRows: 0, skipped: none, elapsedMs: 0 })
      },
    })
    const { client } = connect(onePage, 50)
    const onRows = () => new Promise<void>((resolve) => setTimeout(resolve, 150))
    const reading = { layout: { kind: 'lines' }, columns: ['text'], isEscaped: false } as const
    expect(await client.read(small, { reading, choice: { textColumn: 'text' } }, { onRows })).toMatchObject({
      ok: true,
    })
  })

  it('answers nothing more once it is closed', async () => {
    const { client } = connect(silent)
    const outcome = client.open(small, { labels })
    client.close()
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'worker-lost' } })
  })
})

it('passes a bug on as a rejection instead of hiding it', async () => {
  const { client } = connect(() => ({ ...silent(), open: () => Promise.reject(new TypeError('a bug')) }))
  await expect(client.open(small, { labels })).rejects.toThrow('a bug')
})

it('says that a file was changed after it was picked', async () => {
  const files = createFiles(() => 0)
  const gone = new Blob(['text\nUp\n'])
  Object.defineProperty(gone, 'slice', {
    value: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
  })
  const outcome = await files.open('1', gone, { name: 'a.csv', labels }, () => undefined)
  expect(outcome).toMatchObject({ ok: false, error: { code: 'unreadable', file: 'a.csv' } })
})
