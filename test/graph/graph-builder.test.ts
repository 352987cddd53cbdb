import { beforeAll, expect, it } from 'vitest'
import { GraphBuilder } from '../../workers/graph/graph-builder'
import { matMul, reshape, sumOver } from '../../workers/graph/operations'
import { float32 } from '../../workers/graph/tensor'
import { configureRuntime } from '../../workers/runtime/configure'
import { RuntimeError } from '../../workers/runtime/runtime-error'
import { compileForWasm } from '../../workers/runtime/session'

beforeAll(() => {
  configureRuntime({ threads: 1 })
})

it('builds a file that ONNX Runtime runs, with weights outside of it', async () => {
  const graph = new GraphBuilder()
  const x = graph.input('x', 'float32', ['rows', 2])
  const odd = graph.weight(float32([3], Float32Array.of(9, 9, 9)))
  const weight = graph.weight(float32([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)))
  expect(odd).not.toEqual(weight)
  graph.output('y', sumOver(graph, reshape(graph, matMul(graph, x, weight), [-1, 3]), 0), 'float32', [3])
  const built = graph.build()
  expect(built.weights.map(({ data }) => data.length)).toEqual([12, 24])

  const session = await compileForWasm(built)
  // (1, 2)·W + (3, 4)·W by hand: (9, 12, 15) + (19, 26, 33)
  const { y } = await session.run({ x: float32([2, 2], Float32Array.of(1, 2, 3, 4)) }, ['y'])
  expect(y).toEqual({ dims: [3], data: Float32Array.of(28, 38, 48) })
  await session.dispose()
})

it('shares equal constants', () => {
  const graph = new GraphBuilder()
  const one = () => graph.constant(float32([], Float32Array.of(1)))
  expect(one()).toBe(one())
})

it('reports a graph that ONNX Runtime refuses', async () => {
  const graph = new GraphBuilder()
  const x = graph.input('x', 'float32', [2])
  graph.output('y', graph.node('NoSuchOperator', [x]), 'float32', [2])
  await expect(compileForWasm(graph.build())).rejects.toThrow(RuntimeError)
})
