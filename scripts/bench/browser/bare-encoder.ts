import type { ModelWeights } from '../../../workers/formats/model-weights'
import type { T5Config } from '../../../workers/formats/t5-config'
import { GraphBuilder } from '../../../workers/graph/graph-builder'
import { float32, int32 } from '../../../workers/graph/tensor'
import { compileForWasm } from '../../../workers/runtime/session'
import { encoder, encoderInputs } from '../../../workers/t5/encoder-graph'
import { encoderInput } from '../../../workers/t5/encoder-input'
import type { LayerContext } from '../../../workers/t5/linear-layers'
import { asStored } from '../../../workers/t5/kernels'
import { BucketTables } from '../../../workers/t5/relative-position'

/** Compiles the encoder alone, without adapters; the answer runs it on the token ids of one text. */
export async function loadBareEncoder(
  config: T5Config,
  weights: ModelWeights,
): Promise<(ids: readonly number[]) => Promise<void>> {
  const { dModel } = config
  const graph = new GraphBuilder()
  const layers: LayerContext = {
    ...{ weights, kernels: asStored, adaptedModules: new Set() },
    graph,
    slots: [],
  }
  const states = encoder(config, layers, encoderInputs(config, layers))
  graph.output('states', states, 'float32', ['batch', 'length', dModel])
  const session = await compileForWasm(graph.build())
  const buckets = new BucketTables(config)
  return async (ids) => {
    const { length, embeddings, keyBias } = encoderInput(weights, dModel, [ids])
    const feeds = {
      embeddings: float32([1, length, dModel], embeddings),
      buckets: int32([length, length], buckets.ofLength(length)),
      key_bias: float32([1, 1, 1, length], keyBias),
    }
    await session.run(feeds, ['states'])
  }
}
