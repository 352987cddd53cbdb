import { matchPredictions, type MatchedPredictions } from '../../domain/evaluation/outside/match-predictions'
import { readPredictions } from '../../domain/evaluation/outside/read-predictions'
import type { LabelSet } from '../../domain/label'
import type { Line } from '../../domain/lines'
import { OUTSIDE_BELOW, outsideSchema, predictionsOf, type OutsideRecord } from '../../storage/outside-record'
import type { Workspace } from '../../storage/workspace'

/** Larger files would hold the page up while they are read. */
const BYTES_AT_MOST = 50_000_000
const FILES_AT_MOST = 6
const TROUBLES_KEPT = 5

export interface OutsideSurroundings {
  readonly workspace: Workspace
  readonly newId: () => string
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly lines: () => readonly Line[]
  /** The labels that answers are read as. */
  readonly readLabels: () => Promise<LabelSet>
}

/** The answers of another system to the texts that are compared on. */
export class OutsideAnswers {
  readonly id: string
  readonly record: OutsideRecord
  readonly matched: MatchedPredictions

  constructor(id: string, record: OutsideRecord, lines: () => readonly Line[]) {
    this.id = id
    this.record = record
    this.matched = $derived(matchPredictions(lines(), predictionsOf(record), record.idColumn ?? undefined))
  }

  get count(): number {
    return this.matched.byLine.length - this.matched.unanswered
  }
}

/** Answers of other systems that came in files. */
export class Outside {
  readonly #around: OutsideSurroundings
  #all = $state.raw<readonly OutsideAnswers[]>([])
  #trouble = $state.raw<string>()

  constructor(around: OutsideSurroundings) {
    this.#around = around
  }

  get all() {
    return this.#all
  }
  /** Why the last file was not taken. */
  get trouble() {
    return this.#trouble
  }

  /** Reads what is stored. */
  async open(): Promise<void> {
    const { records } = await this.#around.workspace.readBelow(OUTSIDE_BELOW, outsideSchema)
    this.#all = [...records]
      .sort(([, one], [, other]) => one.at - other.at)
      .map(([id, record]) => this.#made(id, record))
  }

  /** Takes in a file of answers. */
  async take(file: File): Promise<void> {
    this.#trouble = undefined
    const made = await this.#read(file)
    if (typeof made === 'string') {
      this.#trouble = `${file.name}: ${made}`
      return
    }
    const id = this.#around.newId()
    this.#all = [...this.#all, this.#made(id, made)]
    await this.#around.workspace.write({ [OUTSIDE_BELOW + id]: made })
  }

  async remove(answers: OutsideAnswers): Promise<void> {
    this.#all = this.#all.filter((each) => each !== answers)
    this.#trouble = undefined
    await this.#around.workspace.write({ [OUTSIDE_BELOW + answers.id]: undefined })
  }

  /** What the file holds, or a sentence on why it is not taken. */
  async #read(file: File): Promise<OutsideRecord | string> {
    const { readLabels, clock } = this.#around
    if (this.#all.length >= FILES_AT_MOST)
      return `at most ${FILES_AT_MOST} files of answers are compared; remove one first.`
    if (file.size > BYTES_AT_MOST)
      return `it has ${Math.round(file.size / 1e6)} MB, and at most ${BYTES_AT_MOST / 1e6} MB of answers are read; split it.`
    const labels = await readLabels()
    const read = readPredictions(await file.text(), labels)
    if (!read.ok) return read.error.message
    const { predictions, idColumn, unknownLabels, areLabelsNumbered, troubles, unreadRows } = read.value
    return {
      ...{ version: 1, name: file.name, at: clock(), idColumn: idColumn ?? null },
      labels: labels.map((label) => ({ ...label, aliases: [...label.aliases] })),
      predictions: predictions.map((prediction) => ({
        ...prediction,
        probabilities: prediction.probabilities && [...prediction.probabilities],
      })),
      unknownLabels: [...unknownLabels],
      areLabelsNumbered,
      troubles: troubles.slice(0, TROUBLES_KEPT).map(({ message }) => message),
      unreadRows,
    }
  }

  #made(id: string, record: OutsideRecord): OutsideAnswers {
    return new OutsideAnswers(id, record, this.#around.lines)
  }
}
