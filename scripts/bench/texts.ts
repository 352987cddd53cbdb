/** The texts that every contestant gets, in the same order on every machine. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Papa from 'papaparse'
import { createRandom, randomInteger, sample, shuffle } from '../../src/domain/random'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'
import { SAMPLE_LINES } from '../../src/samples/sample-lines'

export interface BenchTexts {
  readonly texts: readonly string[]
  readonly origin: string
}

/** `count` texts: half TFSN, half FPB where both files are there, else lines of this repository joined by ones, twos and threes. */
export async function benchTexts(dataFolder: string, count: number, seed: number): Promise<BenchTexts> {
  const tfsn = join(dataFolder, 'tfsn/sent_valid.csv')
  const fpb = join(dataFolder, 'fpb/Sentences_50Agree.txt')
  if (!existsSync(tfsn) || !existsSync(fpb))
    return { texts: builtInTexts(count, seed), origin: 'lines of this repository' }
  const sources = [readTfsn(await readFile(tfsn, 'utf8')), readFpb(await readFile(fpb, 'latin1'))] as const
  return {
    texts: mix(sources, count, seed),
    origin: `TFSN valid and FPB 50Agree, half each, seed ${seed}`,
  }
}

/** Texts of `text,label`. */
export function readTfsn(content: string): string[] {
  return Papa.parse<string[]>(content, { skipEmptyLines: true })
    .data.slice(1)
    .map(([text = '']) => text)
}

/** Texts of `sentence@label`. */
export function readFpb(content: string): string[] {
  return content
    .split(/\r?\n/)
    .filter((line) => line.includes('@'))
    .map((line) => line.slice(0, line.lastIndexOf('@')))
}

/** `count` texts, half of each source, shuffled; with more asked than there are, they come again. */
export function mix(
  [a, b]: readonly [readonly string[], readonly string[]],
  count: number,
  seed: number,
): string[] {
  const random = createRandom(seed)
  const take = (texts: readonly string[], wanted: number) => {
    const taken = sample(texts, wanted, random)
    return Array.from({ length: wanted }, (_, i) => taken[i % taken.length] ?? '')
  }
  return shuffle([...take(a, Math.ceil(count / 2)), ...take(b, Math.floor(count / 2))], random)
}

/** Lines of this repository, one to three joined, so that lengths vary as in the wild. */
export function builtInTexts(count: number, seed: number): string[] {
  const random = createRandom(seed)
  const lines = [...SAMPLE_LINES, ...DEMONSTRATIONS.map(({ text }) => text)]
  return Array.from({ length: count }, () => sample(lines, 1 + randomInteger(3, random), random).join(' '))
}
