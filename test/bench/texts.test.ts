import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { equalLengthBatches } from '../../scripts/bench/equal-lengths'
import { benchTexts, mix, readFpb, readTfsn } from '../../scripts/bench/texts'

test('both published files are read without their labels', () => {
  expect(readTfsn('text,label\n"A, ""b""",0\nc,1\n')).toEqual(['A, "b"', 'c'])
  expect(readFpb('mail a@b today@neutral\r\n\r\nsecond@positive\n')).toEqual(['mail a@b today', 'second'])
})

test('a seed gives the same mix, half of each source', () => {
  const sources = [
    ['a1', 'a2', 'a3'],
    ['b1', 'b2', 'b3', 'b4'],
  ] as const
  const mixed = mix(sources, 4, 7)
  expect(mixed).toEqual(mix(sources, 4, 7))
  expect(mixed.filter((text) => text.startsWith('a'))).toHaveLength(2)
  expect(mix(sources, 20, 7)).toHaveLength(20)
})

test('without the data there are built-in lines of different lengths', async () => {
  const { texts, origin } = await benchTexts(mkdtempSync(join(tmpdir(), 'no-data-')), 50, 13)
  expect(origin).toBe('lines of this repository')
  expect(texts).toHaveLength(50)
  expect(new Set(texts.map((text) => text.length)).size).toBeGreaterThan(20)
})

test('equal-length batches hold as many tokens as the texts, and no padding', () => {
  const prompts = Array.from({ length: 40 }, (_, i) =>
    Array.from({ length: 1 + ((i * 7) % 30) }, () => i + 2),
  )
  const batches = equalLengthBatches(prompts)
  expect(batches.map((batch) => batch.length)).toEqual([16, 16, 8])
  for (const batch of batches) expect(new Set(batch.map((ids) => ids.length)).size).toBe(1)
  const tokens = (texts: readonly (readonly number[])[]) => texts.reduce((sum, ids) => sum + ids.length, 0)
  expect(Math.abs(tokens(batches.flat()) - tokens(prompts))).toBeLessThanOrEqual(prompts.length / 2)
  expect(batches.flat(2)).not.toContain(0)
})
