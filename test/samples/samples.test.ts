import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { textKey } from '../../src/domain/text-key'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'
import { SAMPLE_LINES } from '../../src/samples/sample-lines'

const LABEL_IDS = ['negative', 'neutral', 'positive']
const DATA = new URL('../../../shared/data/', import.meta.url)

describe('the built-in demonstrations', () => {
  const keys = DEMONSTRATIONS.map(({ text }) => textKey(text))

  it('are at least 60, balanced within two, with known labels', () => {
    expect(DEMONSTRATIONS.length).toBeGreaterThanOrEqual(60)
    const counts = LABEL_IDS.map((id) => DEMONSTRATIONS.filter(({ labelId }) => labelId === id).length)
    expect(counts.reduce((a, b) => a + b)).toBe(DEMONSTRATIONS.length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2)
  })

  it('are unique single lines, and none is a sample line', () => {
    expect(new Set(keys).size).toBe(keys.length)
    const samples = new Set(SAMPLE_LINES.map(textKey))
    expect(keys.filter((key) => samples.has(key))).toEqual([])
    expect(DEMONSTRATIONS.filter(({ text }) => text !== text.trim() || text.includes('\n'))).toEqual([])
  })
})

it('the sample lines are about twelve different single lines', () => {
  expect(new Set(SAMPLE_LINES.map(textKey)).size).toBe(SAMPLE_LINES.length)
  expect(SAMPLE_LINES.length).toBeGreaterThanOrEqual(10)
  expect(SAMPLE_LINES.filter((text) => text !== text.trim() || text.includes('\n'))).toEqual([])
})

/** What two copies of a line share even if links, quoting and punctuation differ. */
const letters = (text: string): string =>
  text
    .replace(/https?:\S+/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase()

describe.skipIf(!existsSync(DATA))('beside the public datasets (skipped where they are not at hand)', () => {
  it.each(['tfsn', 'fpb'])('no line of ours occurs in %s', (folder) => {
    const directory = new URL(`${folder}/`, DATA)
    const files = readdirSync(directory).filter((name) => /^sent.*\.(csv|txt)$/i.test(name))
    expect(files.length).toBeGreaterThan(0)
    const theirs = new Set(
      files.flatMap((name) =>
        readFileSync(new URL(name, directory), 'latin1')
          .split(/\r?\n/)
          .map((line) => letters(line.replace(/@\w+$|,\d$/, ''))),
      ),
    )
    expect(theirs.size).toBeGreaterThan(2000)
    const ours = [...SAMPLE_LINES, ...DEMONSTRATIONS.map(({ text }) => text)]
    expect(ours.filter((text) => theirs.has(letters(text)))).toEqual([])
  })
})
