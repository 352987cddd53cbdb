/** Minimises a smooth convex function. */

/** Writes the gradient at `x` into `gradient` and answers the value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number

const MEMORY = 10
const MAX_HALVINGS = 40
const SUFFICIENT_DECREASE = 1e-4

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let place = 0; place < a.length; place += 1) sum += a[place]! * b[place]!
  return sum
}

/** Adds `scale` times `b` to `a`. */
function add(a: Float64Array, b: Float64Array, scale: number): void {
  for (let place = 0; place < a.length; place += 1) a[place]! += scale * b[place]!
}

interface Step {
  readonly moved: Float64Array
  readonly change: Float64Array
  readonly curvature: number
}

/** −H⁻¹ g by the steps remembered (Nocedal & Wright, algorithm 7.4). */
function direction(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const found = gradient.map((value) => -value)
  const weights = steps.toReversed().map(({ moved, change, curvature }) => {
    const weight = dot(moved, found) / curvature
    add(found, change, -weight)
    return weight
  })
  const last = steps.at(-1)
  const scale = last
    ? last.curvature / dot(last.change, last.change)
    : 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)))
  for (let place = 0; place < found.length; place += 1) found[place]! *= scale
  steps.forEach(({ moved, change, curvature }, place) => {
    const weight = weights[steps.length - 1 - place]! - dot(change, found) / curvature
    add(found, moved, weight)
  })
  return found
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

interface Point {
  readonly x: Float64Array
  readonly gradient: Float64Array
  readonly value: number
}

const pointAt = (objective: Objective, x: Float64Array): Point => {
  const gradient = new Float64Array(x.length)
  return { x, gradient, value: objective(x, gradient) }
}

/** The first of 1, ½, ¼, … of the way that descends enough; undefined where rounding hides every descent. */
function stepAlong(objective: Objective, from: Point, way: Float64Array): Point | undefined {
  const slope = dot(way, from.gradient)
  for (let halving = 0, length = 1; halving < MAX_HALVINGS; halving += 1, length /= 2) {
    const x = from.x.slice()
    add(x, way, length)
    const next = pointAt(objective, x)
    if (next.value <= from.value + SUFFICIENT_DECREASE * length * slope) return next
  }
  return undefined
}

const difference = (a: Float64Array, b: Float64Array): Float64Array =>
  a.map((value, place) => value - b[place]!)

/**
 * L-BFGS with halving steps; `x` becomes the minimiser. Ends when no part of the gradient exceeds `tolerance`; answers the
 * number of iterations. Source: J. Nocedal & S. Wright, Numerical Optimization, 2nd ed., algorithms 3.1, 7.4 and 7.5.
 */
export function minimise(
  objective: Objective,
  x: Float64Array,
  tolerance: number,
  maxIterations: number,
): number {
  let here = pointAt(objective, x.slice())
  const steps: Step[] = []
  let iterations = 0
  for (; iterations < maxIterations && largest(here.gradient) > tolerance; iterations += 1) {
    const next = stepAlong(objective, here, direction(here.gradient, steps))
    if (!next) break
    const moved = difference(next.x, here.x)
    const change = difference(next.gradient, here.gradient)
    const curvature = dot(moved, change)
    if (curvature > 1e-12 * dot(change, change)) steps.push({ moved, change, curvature })
    if (steps.length > MEMORY) steps.shift()
    here = next
  }
  x.set(here.x)
  return iterations
}
