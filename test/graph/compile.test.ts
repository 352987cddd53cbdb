import { expect, it } from 'vitest'
import { GraphBuilder, type BuiltGraph } from '../../workers/graph/graph-builder'
import { add } from '../../workers/graph/operations'
import { float32 } from '../../workers/graph/tensor'
import { compileForWasm } from '../../workers/runtime/session'

/** Adds one number, kept as a weight outside of the file. */
function adding(value: number): BuiltGraph {
  const graph = new GraphBuilder()
  const x = graph.input('x', 'float32', [1])
  graph.output('y', add(graph, x, graph.weight(float32([1], Float32Array.of(value)))), 'float32', [1])
  return graph.build()
}

it('keeps the weights of graphs apart that are compiled at the same time', async () => {
  const sessions = await Promise.all([1, 20, 300].map((value) => compileForWasm(adding(value))))
  const x = float32([1], Float32Array.of(0))
  const sums = await Promise.all(sessions.map((session) => session.run({ x }, ['y'])))
  expect(sums.map(({ y }) => y.data[0])).toEqual([1, 20, 300])
})
