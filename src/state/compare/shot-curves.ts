/** Accuracy by the number of demonstrations, for each model whose set-ups differ in nothing else. */
import { discordantOf, type Answers } from '../../domain/evaluation/compare-answers'
import { shotVerdict, type ShotVerdict } from '../../domain/evaluation/shots'
import type { Side } from './results.svelte'

export interface ShotPoint {
  /** 0 for zero-shot. */
  readonly k: number
  readonly seed: number | undefined
  readonly side: Side
}

export interface ShotCurve {
  readonly id: string
  /** The model, with its policy where there are several. */
  readonly name: string
  /** From 1. */
  readonly number: number
  readonly points: readonly ShotPoint[]
  readonly verdict: ShotVerdict
}

/** Curves of the sides that were asked zero-shot or k-shot; a model with one number of shots alone has none. */
export function shotCurves(
  sides: readonly Side[],
  gold: Answers,
  nameOf: (model: string) => string,
): readonly ShotCurve[] {
  const asked = sides.flatMap((side) => {
    const mode = side.setup?.answers?.setup.mode
    const record = side.setup?.record
    if (!record || (mode?.kind !== 'zero-shot' && mode?.kind !== 'k-shot')) return []
    const { model, template, numberFormat } = record
    const base = JSON.stringify([model, template, numberFormat])
    const extra = [template === 'model' ? 'own template' : undefined, numberFormat ?? undefined]
    const name = [nameOf(model), ...extra].filter((part) => part !== undefined).join(', ')
    const policy = mode.kind === 'k-shot' ? mode.policy : undefined
    const k = mode.kind === 'k-shot' ? mode.k : 0
    const seed = mode.kind === 'k-shot' && mode.policy !== 'similar' ? mode.seed : undefined
    return [{ base, name, policy, point: { k, seed, side } }]
  })
  const kinds = [...new Set(asked.flatMap(({ base, policy }) => (policy ? [`${base} ${policy}`] : [])))]
  return kinds.flatMap((id, place) => {
    const own = asked.filter(({ base, policy }) => `${base} ${policy ?? ''}` === id)
    const [first] = own
    if (!first) return []
    const none = asked.find(({ base, policy }) => base === first.base && policy === undefined)
    const points = [...(none ? [none.point] : []), ...own.map(({ point }) => point)].sort(
      (one, other) => one.k - other.k,
    )
    if (new Set(points.map(({ k }) => k)).size < 2) return []
    const name = `${first.name}, ${first.policy === 'similar' ? 'most similar' : (first.policy ?? '')}`
    const tests = none
      ? own.map(({ point }) => ({
          k: point.k,
          counts: discordantOf(gold, none.point.side.answers, point.side.answers),
        }))
      : []
    return [{ id, name, number: place + 1, points, verdict: shotVerdict(tests) }]
  })
}
