import type { Annotation, Item } from '../../domain/labelling/annotation'
import { eventId, type LabelEvent } from '../../domain/labelling/label-event'
import {
  readAnnotations,
  writeAnnotations,
  type ReadFormat,
  type WrittenFormat,
} from '../../domain/labelling/formats/formats'
import type { FormatTrouble, NewLabel } from '../../domain/labelling/formats/import'
import { datasetCard } from '../../domain/labelling/formats/hugging-face-format'
import { labelStudioConfig } from '../../domain/labelling/formats/label-studio-format'
import { guessFormat } from '../../domain/labelling/formats/guess-format'
import { matchItems } from '../../domain/labelling/match-items'
import { inTurns, type Turns } from '../turns'
import type { Labelling } from './labelling.svelte'

/** What came of an import. */
export type LabelImport =
  | { readonly kind: 'reading'; readonly name: string }
  | { readonly kind: 'refused'; readonly name: string; readonly message: string }
  | {
      readonly kind: 'done'
      readonly name: string
      readonly items: number
      readonly labels: number
      readonly annotators: readonly string[]
      readonly known: number
      readonly newLabels: readonly NewLabel[]
      readonly troubles: readonly FormatTrouble[]
      readonly unreadRows: number
      readonly areLabelsNumbered: boolean
    }

/** Text that is larger than this would hold the page up while it is read. */
const CHARACTERS_AT_MOST = 100_000_000
/** So many characters are handed to the browser at a time. */
const PIECE_CHARACTERS = 65_536
/** A colleague's clock may be ahead by so much. */
const CLOCKS_DIFFER_MS = 86_400_000
const BYTE_ORDER_MARK = '\uFEFF'

/** Labelled texts in and out of files. */
export class LabelFiles {
  readonly #labelling: Labelling
  readonly #turns: Turns
  #import = $state.raw<LabelImport>()
  #isWriting = $state.raw(false)

  constructor(labelling: Labelling, turns: Turns) {
    this.#labelling = labelling
    this.#turns = turns
  }

  get import() {
    return this.#import
  }
  get isWriting() {
    return this.#isWriting
  }

  /** All items with what everybody said of them, as a file. */
  async write(format: WrittenFormat): Promise<Blob> {
    const { items, labels, log } = this.#labelling
    const pieces: Blob[] = []
    let text = format === 'csv' || format === 'tsv' ? BYTE_ORDER_MARK : ''
    const collect = function* (written: Iterable<string>): Generator {
      for (const some of written) {
        text += some
        if (text.length >= PIECE_CHARACTERS) {
          pieces.push(new Blob([text]))
          text = ''
        }
        yield
      }
    }
    this.#isWriting = true
    try {
      await inTurns(
        collect(writeAnnotations(format, items.all, log.journal.annotations(), labels)),
        this.#turns,
      )
    } finally {
      this.#isWriting = false
    }
    return new Blob([...pieces, text], { type: 'application/octet-stream' })
  }

  /** A second file that the first is of little use without; undefined where there is none. */
  companion(format: WrittenFormat): { readonly name: string; readonly text: string } | undefined {
    const { items, labels, log } = this.#labelling
    const ids = labels.map(({ id }) => id)
    if (format === 'label-studio')
      return {
        name: 'interface.xml',
        text: labelStudioConfig(
          ids,
          items.all.some(({ pair }) => pair !== undefined),
        ),
      }
    if (format === 'hugging-face')
      return { name: 'README.md', text: datasetCard(log.journal.annotations(), ids) }
    return undefined
  }

  /** Takes in the texts and labels of a file; without a format it is told from the file. */
  async read(file: File, format?: ReadFormat): Promise<void> {
    const { name } = file
    this.#import = { kind: 'reading', name }
    await this.#labelling.open()
    if (file.size > CHARACTERS_AT_MOST) {
      const message = `The file has ${Math.round(file.size / 1e6)} MB; at most 100 MB of labelled texts are read. Split it, or open it as texts.`
      this.#import = { kind: 'refused', name, message }
      return
    }
    const text = await file.text().catch(() => undefined)
    if (text === undefined) {
      const message = 'The browser could not read the file; it may have been moved or changed. Pick it again.'
      this.#import = { kind: 'refused', name, message }
      return
    }
    const { clock, newId } = this.#labelling.around
    const labels = await this.#labelling.around.readLabels()
    const read = readAnnotations(format ?? guessFormat(name, text), text, labels, {
      annotator: name,
      at: clock(),
    })
    if (!read.ok) {
      this.#import = { kind: 'refused', name, message: read.error.message }
      return
    }
    const { items } = this.#labelling
    const matched = matchItems(items.all, read.value, newId)
    const fresh = matched.annotations.filter((annotation) => !this.#isKnown(annotation))
    const hasTexts = await items.add(matched.newItems)
    const isKept = hasTexts && (await this.#labelling.log.add(eventsOf(fresh, newId, clock())))
    if (!isKept) {
      const kept = hasTexts ? 'Its texts were added, its labels were not' : 'Nothing of it was kept'
      const message = `The browser refused to store what the file holds. ${kept}. Free some room and import it again.`
      this.#import = { kind: 'refused', name, message }
      return
    }
    const { newLabels, troubles, unreadRows, areLabelsNumbered } = read.value
    const labelled = fresh.filter(({ labelId }) => labelId !== undefined)
    this.#import = {
      kind: 'done',
      name,
      items: matched.newItems.length,
      labels: labelled.length,
      annotators: [...new Set(labelled.map(({ annotator }) => annotator))],
      known: matched.annotations.length - fresh.length,
      newLabels,
      troubles,
      unreadRows,
      areLabelsNumbered,
    }
    if (!this.#labelling.item) this.#labelling.queue.next()
  }

  /** Labelled lines as other views take them: decisions first, then this annotator's labels. */
  get labelledItems(): readonly (Item & { readonly goldId: string })[] {
    const { items, finalLabel } = this.#labelling
    return items.all.flatMap((item) => {
      const goldId = finalLabel(item.id)
      return goldId === undefined ? [] : [{ ...item, goldId }]
    })
  }

  #isKnown(annotation: Annotation): boolean {
    const before = this.#labelling.log.journal.annotation(annotation.itemId, annotation.annotator)
    if (!before) return false
    const { labelId, isSkipped, isFlagged, note } = annotation
    return (
      before.labelId === labelId &&
      before.isSkipped === isSkipped &&
      before.isFlagged === isFlagged &&
      before.note === note
    )
  }
}

/** The changes that lead to the annotations, at the times when they were made. */
function eventsOf(
  annotations: readonly Annotation[],
  newId: () => string,
  now: number,
): readonly LabelEvent[] {
  return annotations.flatMap(
    ({ itemId, annotator, at, labelId, source, suggestion, isSkipped, isFlagged, note }) => {
      // A time that cannot be is that of the import: the order of events goes by it.
      const when = at >= 0 && at <= now + CLOCKS_DIFFER_MS ? at : now
      const event = (change: Extract<LabelEvent, { kind: 'change' }>['change']): LabelEvent => ({
        id: eventId(when, newId()),
        at: when,
        annotator,
        kind: 'change',
        itemIds: [itemId],
        change,
      })
      const suggestions = suggestion && { suggestions: { [itemId]: suggestion } }
      return [
        ...(labelId !== undefined
          ? [event({ kind: 'label', labelId, source: source ?? 'imported', ...suggestions })]
          : isSkipped
            ? [event({ kind: 'skip' })]
            : []),
        ...(isFlagged ? [event({ kind: 'flag', isFlagged })] : []),
        ...(note !== '' ? [event({ kind: 'note', note })] : []),
      ]
    },
  )
}
