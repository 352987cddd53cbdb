import { changeOfLines, type Line } from '../../domain/lines'
import type { ProjectTask } from '../../domain/project'
import { taskChanges } from '../../domain/project-task'
import type { Demonstration } from '../../domain/task'
import type { ModelSummary } from '../../engine/contract'
import type { SetupRecord } from '../../storage/compare-record'
import { isSameMode } from '../mode'
import type { Run } from '../run.svelte'
import type { RunResults } from '../run-results'
import { taskOf } from './ask'

/** What a set-up would be asked about now. */
export interface SetupSurroundings {
  /** Undefined while they are being read. */
  readonly lines: () => readonly Line[] | undefined
  readonly task: () => ProjectTask | undefined
  readonly pool: () => readonly Demonstration[]
  /** What is known of a model that was loaded in this visit. */
  readonly summaryOf: (model: string) => ModelSummary | undefined
}

/** One side of the comparison: what is asked of which model, and what it answered. */
export class Setup {
  readonly id: string
  readonly run: Run
  readonly #around: SetupSurroundings
  #record: SetupRecord

  /** How the texts of its answers differ from those to be compared on, as a word. */
  readonly #changeOfLines = $derived.by(() => {
    const asked = this.run.shown?.lines
    const lines = this.#around.lines()
    return asked && lines && changeOfLines(asked, lines) === 'text' ? 'texts' : undefined
  })
  /** What was changed since its answers were given, as words; empty where they can be compared. */
  readonly changes: readonly string[] = $derived.by(() => {
    const { shown } = this.run
    if (!shown) return []
    const changes = this.#changesOf(shown)
    return this.#changeOfLines === undefined ? changes : [this.#changeOfLines, ...changes]
  })

  constructor(record: SetupRecord, run: Run, around: SetupSurroundings) {
    this.id = record.id
    this.#record = $state.raw(record)
    this.run = run
    this.#around = around
  }

  get record(): SetupRecord {
    return this.#record
  }
  take(record: SetupRecord): void {
    this.#record = record
  }

  /** Its answers to the first of the texts, where they are to what is asked now. */
  get answers(): RunResults | undefined {
    const { shown } = this.run
    return shown && shown.count > 0 && this.changes.length === 0 ? shown : undefined
  }
  /** Bytes of ONNX Runtime's heap with this set-up alone, where that was measured for its answers. */
  get heapBytes(): number | undefined {
    return this.answers && this.#record.ran?.heapBytes
  }
  /** Texts without an answer. */
  get left(): number {
    return (this.#around.lines()?.length ?? 0) - (this.answers?.count ?? 0)
  }

  #changesOf({ runId, setup }: RunResults): readonly string[] {
    const { task, pool, summaryOf } = this.#around
    const { record } = this
    const changes: string[] = []
    // The page was closed between the first answers and their being stored: what the older ones were asked is not known.
    if ((record.ran?.runId ?? runId) !== runId) changes.push('set-up')
    if (record.model !== setup.model) changes.push('model')
    if (!isSameMode(record, setup.mode)) changes.push('mode')
    else if (setup.mode.kind === 'k-shot' && JSON.stringify(setup.mode.pool) !== JSON.stringify(pool()))
      changes.push('demonstrations')
    if (record.numberFormat !== record.ran?.numberFormat) changes.push('number format')
    const summary = summaryOf(record.model)
    const asked = summary && taskOf(record, task(), summary)
    if (asked?.ok) changes.push(...taskChanges(setup.task, asked.value, setup.mode.kind === 'k-shot'))
    else if (record.template !== record.ran?.template) changes.push('template')
    return changes
  }
}
