import { createRandom, randomInteger } from '../../src/domain/random'

const SUBJECTS = ['Sales', 'Profit', 'The order book', 'Revenue of the unit', 'Output', 'The dividend']
const CHANGES = ['rose', 'fell', 'was unchanged', 'beat expectations', 'missed the forecast', 'doubled']
const TAILS = [
  'in the third quarter',
  'after the plant was closed for two weeks in the spring',
  'as demand in Asia recovered',
  'the company said in a statement to the exchange',
]

/** Lines of different lengths, each with its own number, so that a lost, doubled or moved one is seen. */
export function soakLines(count: number, seed: number): readonly string[] {
  const random = createRandom(seed)
  const one = (items: readonly string[]): string => items[randomInteger(items.length, random)] ?? ''
  return Array.from({ length: count }, (_, place) => {
    const tails = Array.from({ length: randomInteger(3, random) }, () => one(TAILS))
    return [`No ${place + 1}:`, one(SUBJECTS), one(CHANGES), ...tails].join(' ')
  })
}
