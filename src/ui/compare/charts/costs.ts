import type { Side } from '../../../state/compare/results.svelte'
import { formatBytes, formatMilliseconds } from '../../numbers'

/** What accuracy may cost. */
export interface Cost {
  readonly value: 'bytes' | 'ms' | 'memory'
  readonly label: string
  /** What accuracy is set against, in the chart's title. */
  readonly against: string
  readonly axis: string
  /** Heads the column of the table. */
  readonly head: string
  /** Part of the name of the chart's files. */
  readonly file: string
  /** Undefined where it is not known. */
  readonly of: (side: Side) => number | undefined
  readonly words: (cost: number) => string
}

export const COSTS = [
  {
    value: 'bytes',
    label: 'megabytes',
    against: 'the size of the weights',
    axis: 'size of the weights, logarithmic',
    head: 'Weights',
    file: 'size',
    of: ({ setup }) => (setup?.answers ? setup.record.ran?.weightsBytes : undefined),
    words: formatBytes,
  },
  {
    value: 'ms',
    label: 'ms per text',
    against: 'the time for a text',
    axis: 'milliseconds per text, logarithmic',
    head: 'Per text',
    file: 'time',
    of: ({ setup }) => setup?.answers && setup.answers.summary.elapsedMs / setup.answers.count,
    words: (ms) => `${formatMilliseconds(ms)} ms`,
  },
  {
    value: 'memory',
    label: 'memory',
    against: 'memory',
    axis: 'heap of ONNX Runtime, logarithmic',
    head: 'Memory',
    file: 'memory',
    of: ({ setup }) => setup?.heapBytes,
    words: formatBytes,
  },
] as const satisfies readonly Cost[]
