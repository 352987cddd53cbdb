import type { Fingerprint } from '../../domain/evaluation/report/report'
import { areSameTasks } from '../../domain/project-task'
import type { Line } from '../../domain/lines'
import type { Demonstration } from '../../domain/task'
import {
  openedReportSchema,
  REPORT_KEY,
  type OpenedReportRecord,
  type ReportRecord,
} from '../../storage/report-record'
import type { HandedOnTask } from '../../storage/handed-on-task'
import type { Workspace } from '../../storage/workspace'
import type { Turns } from '../turns'
import { SETUPS_AT_MOST, type Comparison } from './comparison.svelte'
import { fingerprintOfGold, fingerprintOfPool, fingerprintOfTexts } from './fingerprint'
import { readReport, REPORT_BYTES_AT_MOST } from './read-report'
import { isSameChoice } from './same-choice'
import type { Setup } from './setup.svelte'

export interface OpenedReportSurroundings {
  readonly workspace: Workspace
  readonly comparison: Comparison
  readonly turns: Turns
}

/** The texts that are compared on here, as a report tells them. */
export interface TextsHere {
  readonly lines: readonly Line[]
  readonly texts: Fingerprint
  readonly gold: Fingerprint
}

/** A comparison that was saved, here or elsewhere, and opened to run its set-ups again. */
export class OpenedReport {
  readonly #around: OpenedReportSurroundings
  #record = $state.raw<OpenedReportRecord>()
  #trouble = $state.raw<string>()
  #here = $state.raw<TextsHere>()
  #pools = $state.raw<ReadonlyMap<readonly Demonstration[], string>>(new Map())
  /** Number of the newest look: an older one stops. */
  #look = 0

  constructor(around: OpenedReportSurroundings) {
    this.#around = around
  }

  /** Reads what is stored. */
  async open(): Promise<void> {
    this.#record = (await this.#around.workspace.read(REPORT_KEY, openedReportSchema)).value
  }

  get record() {
    return this.#record
  }
  /** Why the last file was not taken. */
  get trouble() {
    return this.#trouble
  }
  /** Undefined before the texts that are compared on were looked at. */
  get here(): TextsHere | undefined {
    return this.#here?.lines === this.#around.comparison.lines ? this.#here : undefined
  }
  poolSha256(pool: readonly Demonstration[]): string | undefined {
    return this.#pools.get(pool)
  }
  /** The set-up that stands for a side of the report; undefined where it was removed, or the side is another system. */
  setupOf(side: number): Setup | undefined {
    const id = this.#record?.setupIds[side] ?? undefined
    return this.#around.comparison.setups.find((setup) => setup.id === id)
  }

  /**
   * Takes a saved comparison in place of the one before: its set-ups are added, but for those that are here already. A file that
   * is not one changes nothing.
   */
  async take(file: File): Promise<void> {
    this.#trouble = undefined
    const trouble = await this.#take(file)
    if (trouble !== undefined) this.#trouble = `${file.name}: ${trouble}`
  }

  /** Takes a report under the name of its file, as {@link take} does; a sentence where it is not taken. */
  async put(name: string, report: ReportRecord): Promise<string | undefined> {
    const setupIds = await this.#setUp(report)
    if (typeof setupIds === 'string') return setupIds
    this.#record = { version: 1, name, report, setupIds: [...setupIds] }
    await this.#around.workspace.write({ [REPORT_KEY]: this.#record })
    return undefined
  }

  /** The project's task that the report's set-ups were asked, where it is not this project's. */
  get otherTask(): HandedOnTask | undefined {
    const task = this.#record?.report.task
    const own = this.#around.comparison.around.task()
    return task === undefined || areSameTasks(task ?? undefined, own) ? undefined : task
  }

  /** The set-ups stay. */
  async remove(): Promise<void> {
    this.#record = undefined
    this.#trouble = undefined
    await this.#around.workspace.write({ [REPORT_KEY]: undefined })
  }

  /** Finds out what the texts and demonstrations of now are called in a report. Resolves once that is known, or others are looked at. */
  async look(lines: readonly Line[], pools: readonly (readonly Demonstration[])[]): Promise<void> {
    const look = ++this.#look
    const { turns } = this.#around
    if (this.#here?.lines !== lines) {
      const texts = await fingerprintOfTexts(lines, turns)
      const gold = await fingerprintOfGold(lines, turns)
      if (look !== this.#look) return
      this.#here = { lines, texts, gold }
    }
    for (const pool of pools) {
      if (this.#pools.has(pool)) continue
      const { sha256 } = await fingerprintOfPool(pool, turns)
      if (look !== this.#look) return
      this.#pools = new Map([...this.#pools, [pool, sha256]])
    }
  }

  /** A sentence where it is not taken. */
  async #take(file: File): Promise<string | undefined> {
    if (file.size > REPORT_BYTES_AT_MOST)
      return `it has ${Math.round(file.size / 1e6)} MB, far more than a saved comparison; open a file that “Save figures as JSON” made.`
    const read = readReport(await file.text())
    if (!read.ok) return read.error
    return this.put(file.name, read.value)
  }

  /** The ids of the set-ups for all sides, those that are not here yet added; a sentence where there would be too many. */
  async #setUp({ sides }: ReportRecord): Promise<readonly (string | null)[] | string> {
    const { comparison } = this.#around
    let free = comparison.setups
    const found = sides.map(({ setup }) => {
      const same = setup && free.find(({ record }) => isSameChoice(record, setup.choice))
      free = free.filter((each) => each !== same)
      return same ?? undefined
    })
    const missing = sides.flatMap(({ setup }, side) => (setup && !found[side] ? [setup.choice] : []))
    const tooMany = comparison.setups.length + missing.length - SETUPS_AT_MOST
    if (tooMany > 0)
      return `it has ${missing.length} set-ups that are not here yet, and at most ${SETUPS_AT_MOST} are compared; remove ${tooMany} of those that are here first.`
    const added = missing.length > 0 ? [...((await comparison.add(missing)) ?? [])] : []
    return sides.map(({ setup }, side) => (setup && (found[side] ?? added.shift())?.id) ?? null)
  }
}
