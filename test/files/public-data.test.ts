import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWhole } from './whole-file'

const DATA = new URL('../../../shared/data/', import.meta.url)

describe.skipIf(!existsSync(DATA))('the public files (skipped where they are not at hand)', () => {
  // Counts as the publishers state them; of SEntFiN's 10,753 headlines, 9,520 name entities that agree.
  it.each([
    ['tfsn/sent_valid.csv', 'tfsn', 'utf-8', 2388, { negative: 347, neutral: 1566, positive: 475 }],
    ['tfsn/sent_train.csv', 'tfsn', 'utf-8', 9543, { negative: 1442, neutral: 6178, positive: 1923 }],
    [
      'fpb/Sentences_50Agree.txt',
      'fpb',
      'windows-1252',
      4846,
      { negative: 604, neutral: 2879, positive: 1363 },
    ],
    ['glue_sst2/dev.tsv', 'sst-2', 'utf-8', 872, { negative: 428, positive: 444 }],
    ['glue_sst2/train.tsv', 'sst-2', 'utf-8', 67_349, { negative: 29_780, positive: 37_569 }],
    ['sentfin/SEntFiN.csv', 'sentfin', 'utf-8', 10_753, undefined],
  ] as const)('%s', async (path, dataset, encoding, count, perLabel) => {
    const { preview, rows, summary } = await readWhole(
      basename(path),
      new Uint8Array(readFileSync(new URL(path, DATA))),
    )
    expect(preview.dataset?.id).toBe(dataset)
    expect(preview.reading.encoding).toBe(encoding)
    expect(preview.exchangedLabels).toBeUndefined()
    expect(preview.rows).toEqual({ count, isExact: true })
    expect(summary).toMatchObject({ rows: count, skipped: { count: 0 } })
    const counted: Record<string, number> = {}
    for (const { labelId } of rows) if (labelId !== undefined) counted[labelId] = (counted[labelId] ?? 0) + 1
    if (perLabel) expect(counted).toEqual(perLabel)
    else expect(summary.labelled).toBe(9520)
  })
})
