/** The t5 room turns a T5 checkpoint into graphs for classification and runs them. */
import type { Adapter } from '../formats/adapter'
import { mergedWeights } from '../formats/merged-weights'
import type { ModelWeights } from '../formats/model-weights'
import type { T5Config } from '../formats/t5-config'
import type { BuiltGraph } from '../graph/graph-builder'
import { float32, int32, int64, type Tensor } from '../graph/tensor'
import type { Feeds, FloatTensor, Session } from '../runtime/session'
import { adapterFeeds } from './adapter-feeds'
import { buildClassifierGraph } from './classifier-graph'
import { buildDecoderGraph } from './decoder-graph'
import { causalBias, encoderInput, type EncoderInput } from './encoder-input'
import { buildHeadGraph, headScale } from './head-graph'
import type { GraphWeights } from './linear-layers'
import { asStored, type Kernels } from './kernels'
import { PromiseCache } from './promise-cache'
import { BucketTables, bucketTable } from './relative-position'
import type { EncodedBatch, LabelScorer, StateEncoder } from './label-scorer'
import { isSingleStep, labelScores, type ScoringPlan } from './scoring-plan'
import { transposedFloats } from './matrices'

/** What the decoder sees of a batch. */
export interface MaskedBatch extends EncodedBatch {
  readonly batch: number
  /** [batch, length], very negative for padding. */
  readonly keyBias: Float32Array
}

/** Compiles a graph for some backend. */
export type Compile = (graph: BuiltGraph) => Promise<Session>

/**
 * How adapters enter: `slots` in one graph that base and adapters share, so that they are held once and switching costs
 * nothing; `merged` into graphs of their own, each made when it is first asked for, which run as fast as the base.
 */
export type AdapterRoad = 'slots' | 'merged'

export interface T5Options {
  /** Left out, it follows from the size of the weights. */
  readonly road?: AdapterRoad
  /** Left out, those of WASM for weights as they are stored. */
  readonly kernels?: Kernels
}

/** Stored weights up to this size are light enough to be held once more for each adapter in use. */
const maxMergedBytes = 2 ** 25

type GraphKind = 'classifier' | 'decoder'

interface AdaptableSession {
  readonly session: Session
  readonly feedsOf: (adapter: Adapter | undefined) => Feeds
}

export class T5Model implements LabelScorer, StateEncoder {
  private readonly sessions = {
    classifier: new PromiseCache<Adapter | undefined, AdaptableSession>(),
    decoder: new PromiseCache<Adapter | undefined, AdaptableSession>(),
  }
  private readonly head = new PromiseCache<'head', Session>()
  private readonly road: AdapterRoad
  private readonly kernels: Kernels
  private readonly buckets: BucketTables
  private adaptedModules: ReadonlySet<string>
  /** The classifier scores some token even where only its states are asked for. */
  private readonly noLabels: readonly number[]

  /** @param adapters those that will be used. */
  constructor(
    readonly config: T5Config,
    private readonly weights: ModelWeights,
    adapters: readonly Adapter[],
    private readonly compile: Compile,
    options: T5Options = {},
  ) {
    this.road = options.road ?? (weights.bytes <= maxMergedBytes ? 'merged' : 'slots')
    this.kernels = options.kernels ?? asStored
    this.adaptedModules = this.slottedModules(adapters)
    this.buckets = new BucketTables(config)
    this.noLabels = [config.decoderStartTokenId]
  }

  get width(): number {
    return this.config.dModel
  }

  /**
   * Makes these the adapters that will be used, without reading the weights again; graphs are made anew only where a module
   * gets its first adapter. Returns what lets go of the graphs of before, to be called when nobody uses them any more.
   */
  adapt(adapters: readonly Adapter[]): () => Promise<void> {
    const needed = this.slottedModules(adapters)
    const fits = [...needed].every((module) => this.adaptedModules.has(module))
    if (!fits) this.adaptedModules = needed
    const isKept = (adapter: Adapter | undefined) =>
      adapter === undefined ? fits : adapters.includes(adapter)
    const retired = Object.values(this.sessions).flatMap((cache) => cache.takeUnless(isKept))
    return async () => {
      for (const result of await Promise.allSettled(retired))
        if (result.status === 'fulfilled') await result.value.session.dispose()
    }
  }

  /** Compiles what a classification needs, so that the first one does not wait for it. */
  async prepare(adapter?: Adapter): Promise<void> {
    await this.session('classifier', adapter)
  }

  /** Runs the encoder. @param batch token ids of each text, end token included. */
  async encode(batch: readonly (readonly number[])[], adapter?: Adapter): Promise<MaskedBatch> {
    const input = encoderInput(this.weights, this.config.dModel, batch)
    const { states } = await this.runClassifier(input, this.noLabels, adapter, ['states'])
    return { batch: input.batch, length: input.length, states: states.data, keyBias: input.keyBias }
  }

  /**
   * Scores labels after each text: [batch][labels] sums of log-probabilities, or of logits where the plan needs no
   * normaliser.
   */
  async classify(
    batch: readonly (readonly number[])[],
    plan: ScoringPlan,
    adapter?: Adapter,
  ): Promise<number[][]> {
    if (!isSingleStep(plan, this.config.decoderStartTokenId))
      return this.scoreLabels(await this.encode(batch, adapter), plan, adapter)
    const input = encoderInput(this.weights, this.config.dModel, batch)
    const { logits } = await this.runClassifier(input, plan.tokens, adapter, ['logits'])
    return labelScores(plan, input.batch, logits.data)
  }

  /** As {@link classify}, for texts that were encoded before; `isNormalised` asks for log-probabilities in any case. */
  async scoreLabels(
    encoded: MaskedBatch,
    plan: ScoringPlan,
    adapter?: Adapter,
    isNormalised = plan.needsNormaliser,
  ): Promise<number[][]> {
    const { dModel } = this.config
    const { session, feedsOf } = await this.session('decoder', adapter)
    const { logits, hidden } = await session.run(
      {
        ...feedsOf(adapter),
        ...this.prefixFeeds(plan.sequences),
        states: float32([encoded.batch, encoded.length, dModel], encoded.states),
        key_bias: float32([encoded.batch, 1, encoded.length], encoded.keyBias),
        label_rows: this.labelRows(plan.tokens),
      },
      ['logits', 'hidden'],
    )
    const logSumExp = isNormalised ? await this.logSumExp(hidden) : undefined
    return labelScores(plan, encoded.batch, logits.data, logSumExp)
  }

  async dispose(): Promise<void> {
    for (const cache of Object.values(this.sessions))
      for (const { session } of await cache.settled()) await session.dispose()
    for (const session of await this.head.settled()) await session.dispose()
  }

  private async runClassifier<Name extends 'states' | 'logits'>(
    { batch, length, embeddings, keyBias }: EncoderInput,
    labelTokens: readonly number[],
    adapter: Adapter | undefined,
    outputs: readonly Name[],
  ): Promise<Readonly<Record<Name, FloatTensor>>> {
    const { session, feedsOf } = await this.session('classifier', adapter)
    const feeds = {
      ...feedsOf(adapter),
      embeddings: float32([batch, length, this.config.dModel], embeddings),
      buckets: int32([length, length], this.buckets.ofLength(length)),
      key_bias: float32([batch, 1, 1, length], keyBias),
      label_rows: this.labelRows(labelTokens),
    }
    return session.run(feeds, outputs)
  }

  private session(kind: GraphKind, adapter: Adapter | undefined): Promise<AdaptableSession> {
    const merged = this.road === 'merged' ? adapter : undefined
    return this.sessions[kind].get(merged, async () => {
      const { session, slots } = await this.compileAdaptable(kind, merged)
      const feeds = new Map<Adapter | undefined, Feeds>()
      return {
        session,
        feedsOf: (slotted) => {
          const known = feeds.get(slotted)
          if (known) return known
          const made = adapterFeeds(slots, slotted)
          feeds.set(slotted, made)
          session.hold(made)
          return made
        },
      }
    })
  }

  private slottedModules(adapters: readonly Adapter[]): ReadonlySet<string> {
    const slotted = this.road === 'slots' ? adapters : []
    return new Set(slotted.flatMap((adapter) => [...adapter.modules.keys()]))
  }

  /** Lets the graph go after compiling: it holds a copy of the weights. */
  private async compileAdaptable(kind: GraphKind, merged: Adapter | undefined) {
    const { config, adaptedModules, kernels } = this
    const weights = merged ? mergedWeights(this.weights, merged) : this.weights
    const parts: GraphWeights = { weights, kernels, adaptedModules }
    const graph =
      kind === 'classifier' ? buildClassifierGraph(config, parts) : buildDecoderGraph(config, parts)
    return { session: await this.compile(graph), slots: graph.slots }
  }

  private async logSumExp(hidden: FloatTensor): Promise<Float32Array> {
    const { config, weights, kernels } = this
    const session = await this.head.get('head', () =>
      this.compile(buildHeadGraph(config, { weights, kernels })),
    )
    const { log_sum_exp } = await session.run({ hidden: float32(hidden.dims, hidden.data) }, ['log_sum_exp'])
    return log_sum_exp.data
  }

  private prefixFeeds(sequences: readonly (readonly number[])[]): Feeds {
    const { dModel, numBuckets, maxDistance } = this.config
    const positions = sequences[0]?.length ?? 0
    const table = bucketTable(positions, false, numBuckets, maxDistance)
    const prefix = this.weights.embeddingRows(sequences.flat())
    return {
      prefix: float32([sequences.length, positions, dModel], prefix),
      buckets: int32([positions, positions], table),
      causal: float32([1, 1, positions, positions], causalBias(positions)),
      row_shape: int64([-1, positions, dModel]),
      query_shape: int64([-1, sequences.length * positions, dModel]),
    }
  }

  /** [dModel, tokens]: rows of the output head as columns, scaled for tied heads. */
  private labelRows(tokens: readonly number[]): Tensor {
    const { dModel } = this.config
    const factor = headScale(this.config)
    const rows = this.weights.headRows(tokens).map((value) => value * factor)
    return float32([dModel, tokens.length], transposedFloats(rows, tokens.length, dModel))
  }
}
