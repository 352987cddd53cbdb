/** Items and annotations as JSON objects of ours, which the JSON formats carry whole. */
import { LABEL_SOURCES, type Annotation, type Item, type Suggestion } from '../annotation'
import { isoTime, readIsoTime } from '../iso-time'
import { BrokenRow, type Import } from './import'
import { columnsIn, flagIn, isFields, textIn, textOf, type Fields } from './json-records'

/** What is known of an item besides its text and its pair. */
export const itemJson = ({ id, line, goldId, other }: Item) => ({
  id,
  line,
  ...(goldId !== undefined && { gold: goldId }),
  ...(other && { other }),
})

export const annotationJson = (annotation: Annotation) => ({
  annotator: annotation.annotator,
  time: isoTime(annotation.at),
  ...(annotation.labelId !== undefined && { label: annotation.labelId }),
  ...(annotation.source && { source: annotation.source }),
  skipped: annotation.isSkipped,
  flagged: annotation.isFlagged,
  note: annotation.note,
  ...(annotation.suggestion && { suggestion: annotation.suggestion }),
})

/** The id that the item has now; `fields` as {@link itemJson} made them. */
export function takeItem(
  fields: Fields,
  text: string,
  pair: string | undefined,
  line: number,
  into: Import,
): string {
  if (text.trim() === '')
    throw new BrokenRow('the text is missing; fill it in or take the record out.', 'text')
  const { line: written } = fields
  const [gold, other] = [textIn(fields, 'gold'), columnsIn(fields, 'other')]
  return into.item({
    id: textIn(fields, 'id'),
    line: typeof written === 'number' && Number.isSafeInteger(written) ? written : line,
    text,
    ...(pair !== undefined && pair !== '' && { pair }),
    ...(gold !== undefined && { goldId: into.labelId(gold) }),
    ...(other && { other }),
  })
}

function suggestionIn({ suggestion }: Fields, into: Import): Suggestion | undefined {
  if (suggestion === undefined || suggestion === null) return undefined
  const found = isFields(suggestion) && isFields(suggestion['probabilities']) ? suggestion : undefined
  if (!found) throw new BrokenRow('an object with probabilities by label should stand here.', 'suggestion')
  const probabilities = Object.entries(found['probabilities'] ?? {}).map(
    ([name, value]: [string, unknown]) => {
      if (typeof value !== 'number' || !(value >= 0 && value <= 1))
        throw new BrokenRow(`the probability of ${name} should be a number from 0 to 1.`, 'suggestion')
      return [into.probabilityKey(name), value] as const
    },
  )
  return {
    probabilities: Object.fromEntries(probabilities),
    model: textOf(found, 'model'),
    weights: textOf(found, 'weights'),
    weightsSha256: textOf(found, 'weightsSha256'),
  }
}

export function takeAnnotation(value: unknown, itemId: string, into: Import): void {
  if (!isFields(value))
    throw new BrokenRow('each annotation should be an object in braces, { … }.', 'annotations')
  const [written, label] = [textIn(value, 'time'), textIn(value, 'label')]
  const at = written === undefined ? into.defaults.at : readIsoTime(written)
  if (at === undefined)
    throw new BrokenRow(`"${written ?? ''}" is no time; write it like 2026-11-24T12:30:00Z.`, 'time')
  const named = textIn(value, 'source')
  const source = LABEL_SOURCES.find((each) => each === named)
  if (named !== undefined && !source)
    throw new BrokenRow(`"${named}" should be one of ${LABEL_SOURCES.join(', ')}.`, 'source')
  const suggestion = suggestionIn(value, into)
  into.annotation({
    itemId,
    annotator: textIn(value, 'annotator') ?? into.defaults.annotator,
    at,
    ...(label !== undefined && { labelId: into.labelId(label) }),
    ...(source && { source }),
    ...(suggestion && { suggestion }),
    isSkipped: flagIn(value, 'skipped'),
    isFlagged: flagIn(value, 'flagged'),
    note: textIn(value, 'note') ?? '',
  })
}
