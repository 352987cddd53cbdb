import { expect, it } from 'vitest'
import { shotCurves } from '../../../src/state/compare/shot-curves'
import { composePage } from '../../support/compose-page'

const lines = Array.from({ length: 12 }, (_, place) => ({
  line: place + 1,
  text: `text ${place}`,
  goldId: ['negative', 'neutral', 'positive'][place % 3] ?? '',
}))

it('curves are of set-ups that differ in their demonstrations alone, with a verdict where there is zero-shot', async () => {
  const smallcap = await composePage()
  const { comparison, results } = await smallcap.compareDesk.open()
  smallcap.input.useFile({ name: 'some.csv', lines, skipped: 0, unreadableRows: 0 })
  const [nano, mini] = ['smallcap-t5-nano', 'smallcap-t5-mini'].map((model) =>
    comparison.choiceOf(model, 'k-shot'),
  )
  if (!nano || !mini) throw new Error('There is no model.')
  await comparison.add([
    { ...nano, mode: 'zero-shot' },
    { ...nano, mode: 'fine-tuned' },
    { ...nano, k: 5, seed: 1 },
    { ...nano, k: 5, seed: 2 },
    { ...nano, k: 1, policy: 'similar' },
    { ...mini, k: 1 },
    { ...mini, k: 10 },
    { ...mini, k: 10, numberFormat: 'fp32' },
  ])
  await comparison.runAll()
  const curves = shotCurves(results.sides, results.gold, (model) => comparison.nameOf(model))
  expect(curves.map(({ name, points }) => [name, points.map(({ k, seed }) => [k, seed])])).toEqual([
    [
      'nano, balanced',
      [
        [0, undefined],
        [5, 1],
        [5, 2],
      ],
    ],
    [
      'nano, most similar',
      [
        [0, undefined],
        [1, undefined],
      ],
    ],
    [
      'mini, balanced',
      [
        [1, 1],
        [10, 1],
      ],
    ],
  ])
  // The fake engine gives the same answers with whatever demonstrations.
  expect(curves.map(({ verdict }) => verdict.answer)).toEqual(['not shown', 'not shown', undefined])
  expect(curves[0]?.verdict.sentences[0]).toMatch(
    /^5 shots get as many right as none on 12 texts; for none of 2 seeds/,
  )
})
