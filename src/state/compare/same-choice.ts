import type { SetupChoice } from '../../storage/compare-record'

const ofKShot = ({ mode, k, policy, seed }: SetupChoice): readonly unknown[] =>
  mode === 'k-shot' ? [k, policy, policy === 'similar' || seed] : []

/** Whether two set-ups ask the same; what a mode does not use does not count. */
export function isSameChoice(one: SetupChoice, other: SetupChoice): boolean {
  const key = (choice: SetupChoice) =>
    JSON.stringify([
      ...[choice.model, choice.mode, choice.template, choice.numberFormat],
      ...[choice.mode === 'fine-tuned' ? choice.adapter : null, ...ofKShot(choice)],
    ])
  return key(one) === key(other)
}
