/** Stores models file by file, in one tab at a time, and goes on where it was cut off. */
import type { UseStore } from '../kept/database'
import { openKeptFiles } from '../kept/kept-files'
import type { DownloadRequest, StoredModelId, StoreProgress } from '../../src/store/contract'
import type { Conversion } from './conversion'
import { createHubPieces, PARALLEL_REQUESTS } from './hub/hub-pieces'
import type { Network } from './hub/network'
import { patient } from './hub/patience'
import { withoutFolder } from './inspect'
import { Meter } from './meter'
import { createPickedPieces } from './picked-pieces'
import { isWeights } from './recognise/weights'
import type { StoredRecord, WantedFile } from './records'
import { requireRoom, withAdvice, type Estimate } from './room'
import { asExpected, stopped, StoreFailure } from './store-failure'
import type { StoredModels } from './stored-models'
import type { StopReason, Tabs } from './tabs'
import { takeFile, type Pieces } from './take-file'
import { together } from './together'

export interface DownloadParts {
  readonly database: UseStore
  readonly stored: StoredModels
  readonly tabs: Tabs
  readonly network: Network
  readonly conversions: readonly Conversion[]
  readonly estimate: Estimate
  readonly chunkBytes: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

type Report = (progress: StoreProgress) => void | Promise<void>
/** Where the bytes come from, for as long as the signal is not aborted. */
type Origin = (signal: AbortSignal, meter: Meter) => Pieces

export class Downloads {
  private readonly running = new Map<StoredModelId, Set<AbortController>>()

  constructor(private readonly parts: DownloadParts) {
    parts.tabs.listen((message) => {
      if (message.kind !== 'stop') return
      for (const controller of this.running.get(message.model) ?? [])
        controller.abort(stopped[message.reason])
    })
  }

  /** Stops a download wherever it runs. */
  stop(model: StoredModelId, reason: StopReason): void {
    this.parts.tabs.tell({ kind: 'stop', model, reason })
  }

  /** @param until ends it as cancelled */
  async download(request: DownloadRequest, report: Report, until?: AbortSignal): Promise<void> {
    const { model } = request.choice
    const picked = request.files && withoutFolder(request.files)
    const from: Origin | undefined =
      picked &&
      ((signal, meter) =>
        createPickedPieces(picked, signal, this.parts.chunkBytes, (count) => meter.add(count)))
    await this.run(model, report, until, from, () => this.parts.stored.begin(model, this.recordOf(request)))
  }

  /** Goes on with a model that has a record. @throws StoreFailure */
  resume(model: StoredModelId, report: Report): Promise<void> {
    return this.run(model, report)
  }

  /** Completes a model, from where its record says if not from `from`, or follows whoever does. @throws StoreFailure */
  private async run(
    model: StoredModelId,
    report: Report,
    until?: AbortSignal,
    from?: Origin,
    begin?: () => Promise<void>,
  ): Promise<void> {
    const { tabs, stored } = this.parts
    // Before anything is awaited: whoever stops it from now on is heard.
    const controller = new AbortController()
    const { signal } = controller
    const ofModel = this.running.get(model) ?? new Set()
    this.running.set(model, ofModel.add(controller))
    const cancel = () => controller.abort(stopped.cancelled)
    until?.addEventListener('abort', cancel)
    let reported = Promise.resolve()
    const following = tabs.listen((message) => {
      if (message.kind === 'progress' && message.progress.model === model)
        reported = reported.then(() => report(message.progress))
    })
    try {
      await begin?.()
      await stored.get(model)
      signal.throwIfAborted()
      await tabs.alone(model, signal, async (hadToWait) => {
        const record = await stored.find(model)
        if (!record) throw stopped.cancelled
        if (record.isComplete) return
        // Whoever was busy with it did not die but ended: so does this.
        if (hadToWait && record.isPaused) throw stopped.paused
        if (hadToWait && record.error) throw new StoreFailure(record.error.code, record.error.message)
        await this.complete(model, record, from ?? this.originOf(record), signal)
      })
    } catch (error) {
      // The reason as it was given, whatever the browser made of it on the way.
      if (signal.aborted) throw signal.reason
      // Wherever room ran out: a full disk refuses the first record as well.
      throw await withAdvice(asExpected(error), model, stored)
    } finally {
      following()
      until?.removeEventListener('abort', cancel)
      ofModel.delete(controller)
      await reported
    }
  }

  /** Holds the model's lock. */
  private async complete(
    model: StoredModelId,
    record: StoredRecord,
    from: Origin,
    signal: AbortSignal,
  ): Promise<void> {
    const { stored, tabs, now } = this.parts
    const [listed] = (await stored.list(new Set())).filter(({ id }) => id === model)
    const meter = new Meter(model, listed?.doneBytes ?? 0, listed?.totalBytes ?? 0, now, (progress) =>
      tabs.tell({ kind: 'progress', progress }),
    )
    try {
      await stored.clearOutcome(model)
      await requireRoom(missingBytes(record) - (listed?.storedBytes ?? 0), model, stored, this.parts.estimate)
      await this.takeFiles(model, record, from, signal, meter)
      await stored.complete(model)
    } catch (error) {
      const failure = signal.aborted ? stoppedBy(signal) : asExpected(error)
      await stored.noteOutcome(
        model,
        failure.code === 'paused' ? { isPaused: true } : { isPaused: false, error: failure.asError },
      )
      throw failure
    } finally {
      await meter.end()
    }
  }

  private async takeFiles(
    model: StoredModelId,
    record: StoredRecord,
    from: Origin,
    signal: AbortSignal,
    meter: Meter,
  ): Promise<void> {
    const missing = record.files.filter(({ sha256 }) => sha256 === undefined)
    const isSmall = ({ source, conversion }: WantedFile) =>
      source.sizeBytes <= this.parts.chunkBytes && conversion === undefined
    const take = (file: WantedFile, until: AbortSignal) => this.take(model, file, from(until, meter), meter)
    // Small ones first: a conversion reads the configuration.
    await together(missing.filter(isSmall), PARALLEL_REQUESTS, signal, take)
    await together(
      missing.filter((file) => !isSmall(file)),
      1,
      signal,
      take,
    )
  }

  private async take(model: StoredModelId, file: WantedFile, pieces: Pieces, meter: Meter): Promise<void> {
    const { database, stored, conversions } = this.parts
    const { source, path } = file
    const conversion = conversions.find(({ numberFormat }) => numberFormat === file.conversion)
    if (file.conversion !== undefined && !conversion)
      throw new StoreFailure(
        'not-a-model',
        `This version cannot make ${file.conversion} of ${path}. Remove the model and take another format.`,
      )
    const known = conversion || source.hash?.kind !== 'sha256' ? undefined : source.hash.hex
    if (known !== undefined && (await stored.adopt(model, path, known))) {
      meter.add(source.sizeBytes)
      return
    }
    await takeFile(
      {
        database,
        model,
        pieces,
        ...(conversion && { conversion }),
        readStored: (wanted) => this.readStored(model, wanted),
        onLost: (count) => meter.add(-count),
      },
      file,
    )
  }

  private async readStored(model: StoredModelId, path: string): Promise<Uint8Array<ArrayBuffer>> {
    const { files } = await this.parts.stored.get(model)
    const sha256 = files.find((file) => file.path === path)?.sha256
    const bytes = sha256 === undefined ? undefined : await openKeptFiles(this.parts.database).read(sha256)
    if (bytes) return bytes
    throw new StoreFailure(
      'not-a-model',
      `The weights cannot be converted without ${path}, which the model does not have.`,
    )
  }

  private originOf({ origin, name }: StoredRecord): Origin {
    if (origin.kind === 'hub')
      return (signal, meter) =>
        createHubPieces(origin, {
          network: this.parts.network,
          signal,
          limits: patient,
          chunkBytes: this.parts.chunkBytes,
          onBytes: (count) => meter.add(count),
          onTrouble: (reason) => meter.trouble(reason),
        })
    throw new StoreFailure('unreadable', `${name} came from files of this device. Pick them again to go on.`)
  }

  private recordOf({ inspection, choice }: DownloadRequest): StoredRecord {
    const { origin, name, licence, parameters, baseModel } = inspection
    const { kind, isPack, adapters, numberFormat, files } = choice
    const conversion =
      isPack || kind !== 't5'
        ? undefined
        : this.parts.conversions.find((each) => each.numberFormat === numberFormat)
    return {
      name,
      origin,
      kind,
      isPack,
      adapters: [...adapters],
      numberFormat,
      ...(licence !== undefined && { licence }),
      ...(parameters !== undefined && { parameters }),
      ...(baseModel !== undefined && { baseModel }),
      addedAt: this.parts.now(),
      files: files.map((source): WantedFile =>
        conversion && isWeights(source.path)
          ? {
              path: conversion.resultPath(source.path),
              source,
              conversion: numberFormat,
              sizeBytes: conversion.estimateBytes(source),
            }
          : { path: source.path, source, sizeBytes: source.sizeBytes },
      ),
      isComplete: false,
      isPaused: false,
      isDamaged: false,
    }
  }
}

const missingBytes = ({ files }: StoredRecord): number =>
  files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

/** What a job is to answer with whose signal was aborted. */
export const stoppedBy = ({ reason }: AbortSignal): StoreFailure =>
  reason instanceof StoreFailure ? reason : stopped.cancelled
