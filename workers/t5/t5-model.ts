/** The t5 room turns a T5 checkpoint into graphs for classification and runs them. */
import type { Adapter } from '../formats/adapter'
import type { ModelWeights } from '../formats/model-weights'
import type { T5Config } from '../formats/t5-config'
import type { BuiltGraph } from '../graph/graph-builder'
import { float32, int32, int64, type Tensor } from '../graph/tensor'
import type { Feeds, FloatTensor, Session } from '../runtime/session'
import { adapterFeeds } from './adapter-feeds'
import { buildDecoderGraph, type PrefixKind } from './decoder-graph'
import { buildEncoderGraph, type AdaptableGraph } from './encoder-graph'
import { causalBias, encoderInput } from './encoder-input'
import { buildHeadGraph, headScale } from './head-graph'
import { PromiseCache } from './promise-cache'
import { bucketTable } from './relative-position'
import type { ScoringPlan } from './scoring-plan'
import { transposedFloats } from './matrices'

/** The encoder's answer for a batch. */
export interface EncodedBatch {
  readonly batch: number
  /** Tokens of the longest text. */
  readonly length: number
  /** [batch, length, dModel] after the final norm; rows of padding are meaningless. */
  readonly states: Float32Array
  /** [batch, length], very negative for padding. */
  readonly keyBias: Float32Array
}

/** Compiles a graph for some backend. */
export type Compile = (graph: BuiltGraph) => Promise<Session>

interface AdaptableSession {
  readonly session: Session
  readonly feedsOf: (adapter: Adapter | undefined) => Feeds
}

/** Texts whose bucket tables are remembered, one per length. */
const rememberedLengths = 64

export class T5Model {
  private readonly sessions = new PromiseCache<'encoder' | PrefixKind, AdaptableSession>()
  private readonly head = new PromiseCache<'head', Session>()
  private readonly buckets = new Map<number, Int32Array>()
  private readonly adaptedModules: ReadonlySet<string>

  /** @param adapters those that will be used: their modules get slots in the graphs. */
  constructor(
    readonly config: T5Config,
    private readonly weights: ModelWeights,
    adapters: readonly Adapter[],
    private readonly compile: Compile,
  ) {
    this.adaptedModules = new Set(adapters.flatMap((adapter) => [...adapter.modules.keys()]))
  }

  /** Compiles what every classification needs, so that the first one does not wait for it. */
  async prepare(): Promise<void> {
    await this.session('encoder')
    await this.session('single')
  }

  /** Runs the encoder. @param batch token ids of each text, end token included. */
  async encode(batch: readonly (readonly number[])[], adapter?: Adapter): Promise<EncodedBatch> {
    const { dModel } = this.config
    const input = encoderInput(this.weights, dModel, batch)
    const { session, feedsOf } = await this.session('encoder')
    const { states } = await session.run({
      ...feedsOf(adapter),
      embeddings: float32([input.batch, input.length, dModel], input.embeddings),
      buckets: int32([input.length, input.length], this.encoderBuckets(input.length)),
      key_bias: float32([input.batch, 1, 1, input.length], input.keyBias),
    })
    return { batch: input.batch, length: input.length, states: dataOf(states), keyBias: input.keyBias }
  }

  /**
   * Scores labels after each text: [batch][labels] sums of log-probabilities, or of logits where the plan needs no
   * normaliser and none is asked for.
   */
  async scoreLabels(
    encoded: EncodedBatch,
    plan: ScoringPlan,
    adapter?: Adapter,
    isNormalised = plan.needsNormaliser,
  ): Promise<number[][]> {
    const { dModel } = this.config
    const kind = plan.sequences.length === 1 && plan.sequences[0]?.length === 1 ? 'single' : 'several'
    const { session, feedsOf } = await this.session(kind)
    const { logits, hidden } = await session.run({
      ...feedsOf(adapter),
      ...this.prefixFeeds(kind, plan.sequences),
      states: float32([encoded.batch, encoded.length, dModel], encoded.states),
      key_bias: float32([encoded.batch, 1, encoded.length], encoded.keyBias),
      label_rows: float32([dModel, plan.tokens.length], this.labelRows(plan.tokens)),
    })
    const logSumExp = isNormalised && hidden ? await this.logSumExp(hidden) : undefined
    const values = dataOf(logits)
    const queries = values.length / encoded.batch / plan.tokens.length
    return Array.from({ length: encoded.batch }, (_, text) =>
      plan.labels.map((terms) =>
        terms.reduce((sum, { query, column }) => {
          const position = text * queries + query
          return sum + (values[position * plan.tokens.length + column] ?? NaN) - (logSumExp?.[position] ?? 0)
        }, 0),
      ),
    )
  }

  async dispose(): Promise<void> {
    for (const { session } of await this.sessions.settled()) await session.dispose()
    for (const session of await this.head.settled()) await session.dispose()
  }

  private session(kind: 'encoder' | PrefixKind): Promise<AdaptableSession> {
    return this.sessions.get(kind, async () => {
      const { session, slots } = await this.compileAdaptable(kind)
      const feeds = new Map<Adapter | undefined, Feeds>()
      return {
        session,
        feedsOf: (adapter) => {
          const known = feeds.get(adapter) ?? adapterFeeds(slots, adapter)
          feeds.set(adapter, known)
          return known
        },
      }
    })
  }

  /** Lets the graph go after compiling: it holds a copy of the weights. */
  private async compileAdaptable(kind: 'encoder' | PrefixKind) {
    const { config, weights, adaptedModules } = this
    const context = { weights, adaptedModules }
    const graph: AdaptableGraph =
      kind === 'encoder' ? buildEncoderGraph(config, context) : buildDecoderGraph(config, context, kind)
    return { session: await this.compile(graph), slots: graph.slots }
  }

  private async logSumExp(hidden: FloatTensor): Promise<Float32Array> {
    const session = await this.head.get('head', () => this.compile(buildHeadGraph(this.config, this.weights)))
    const { log_sum_exp } = await session.run({ hidden: float32(hidden.dims, hidden.data) })
    return dataOf(log_sum_exp)
  }

  private prefixFeeds(kind: PrefixKind, sequences: readonly (readonly number[])[]): Feeds {
    const { dModel, numBuckets, maxDistance } = this.config
    const positions = sequences[0]?.length ?? 0
    const prefix = this.weights.embeddingRows(sequences.flat())
    const feeds: Record<string, Tensor> = {
      prefix: float32([sequences.length, positions, dModel], prefix),
    }
    if (kind === 'several') {
      const table = bucketTable(positions, false, numBuckets, maxDistance)
      feeds['buckets'] = int32([positions, positions], table)
      feeds['causal'] = float32([1, 1, positions, positions], causalBias(positions))
      feeds['row_shape'] = int64([-1, positions, dModel])
      feeds['query_shape'] = int64([-1, sequences.length * positions, dModel])
    }
    return feeds
  }

  /** [dModel, tokens]: rows of the output head as columns, scaled for tied heads. */
  private labelRows(tokens: readonly number[]): Float32Array {
    const factor = headScale(this.config)
    const rows = this.weights.headRows(tokens).map((value) => value * factor)
    return transposedFloats(rows, tokens.length, this.config.dModel)
  }

  private encoderBuckets(length: number): Int32Array {
    const known = this.buckets.get(length)
    if (known) return known
    const { numBuckets, maxDistance } = this.config
    const table = bucketTable(length, true, numBuckets, maxDistance)
    if (this.buckets.size >= rememberedLengths) this.buckets.clear()
    this.buckets.set(length, table)
    return table
  }
}

function dataOf(output: FloatTensor | undefined): Float32Array {
  if (!output) throw new Error('The graph left out one of its outputs')
  return output.data
}
