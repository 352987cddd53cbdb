/** Reads tasks of Label Studio, those that it exports and those that we wrote. */
import { TEXT_COLUMNS } from '../../columns'
import { readIsoTime } from '../iso-time'
import { takeAnnotation, takeItem } from './annotation-json'
import { BrokenRow, type Import } from './import'
import { cellOf, isFields, listIn, readRecords, textIn, textOf, type Fields } from './json-records'
import { LABEL_TAG, NOTE_TAG, OWN } from './label-studio-format'

/** Columns of the data under which we write what an item has. */
const OWN_DATA = ['id', 'line', 'text']

const isOwnData = (data: Fields): boolean =>
  OWN_DATA.every((name) => data[name] !== undefined) && typeof data['id'] === 'string'

function takeData(task: Fields, data: Fields, line: number, into: Import): string {
  if (isOwnData(data)) return takeItem(data, textOf(data, 'text'), textIn(data, 'pair'), line, into)
  const texts = Object.keys(data).filter((name) => typeof data[name] === 'string')
  const key = TEXT_COLUMNS.find((name) => texts.includes(name)) ?? texts[0] ?? 'text'
  const text = textOf(data, key).trim()
  if (text === '') throw new BrokenRow('the text is missing; fill it in or take the task out.', `data.${key}`)
  const pair = key === 'text' ? (textIn(data, 'pair') ?? '').trim() : ''
  const other = Object.entries(data).filter(([name]) => name !== key && !(name === 'pair' && pair !== ''))
  const id = cellOf(task['id'])
  return into.item(
    {
      id: id === '' ? undefined : id,
      line,
      text,
      ...(pair !== '' && { pair }),
      ...(other.length > 0 && {
        other: Object.fromEntries(other.map(([name, value]) => [name, cellOf(value)])),
      }),
    },
    true,
  )
}

/** Texts of all results of a type, in order. */
function valuesOf(annotation: Fields, type: 'choices' | 'textarea', key: string): readonly string[] {
  return listIn(annotation, 'result').flatMap((result) => {
    if (!isFields(result) || result['type'] !== type || !isFields(result['value'])) return []
    return listIn(result['value'], key).map(cellOf)
  })
}

/** A number, an address or a person with one, as versions of Label Studio write who it was. */
function annotatorOf({ completed_by: by }: Fields, into: Import): string {
  if (isFields(by)) {
    const names = [by['email'], by['username'], by['id']].map(cellOf)
    return names.find((name) => name !== '') ?? into.defaults.annotator
  }
  return typeof by === 'number' ? `user ${by}` : cellOf(by) || into.defaults.annotator
}

function takeForeign(annotation: Fields, itemId: string, into: Import): void {
  const [label, ...more] = new Set(valuesOf(annotation, 'choices', 'choices'))
  const notes = valuesOf(annotation, 'textarea', 'text')
  const isSkipped = annotation['was_cancelled'] === true
  if (more.length > 0)
    throw new BrokenRow(`one choice is needed where ${more.length + 1} are; keep one.`, 'annotations')
  if (label === undefined && notes.length === 0 && !isSkipped) return
  const times = [annotation['updated_at'], annotation['created_at']].map((time) => readIsoTime(cellOf(time)))
  into.annotation({
    itemId,
    annotator: annotatorOf(annotation, into),
    at: times.find((time) => time !== undefined) ?? into.defaults.at,
    ...(label !== undefined && { labelId: into.labelId(label), source: 'imported' as const }),
    isSkipped,
    isFlagged: false,
    note: notes.join('\n'),
  })
}

/** What we wrote, unless the results were changed since. */
function takeOne(annotation: unknown, itemId: string, into: Import): void {
  if (!isFields(annotation))
    throw new BrokenRow('each annotation should be an object in braces, { … }.', 'annotations')
  const own = annotation[OWN]
  if (!isFields(own)) return takeForeign(annotation, itemId, into)
  const [label] = valuesOf(annotation, 'choices', 'choices')
  const note = valuesOf(annotation, 'textarea', 'text').join('\n')
  const isAsWritten =
    (own['label'] ?? undefined) === label &&
    (own['note'] ?? '') === note &&
    own['skipped'] === annotation['was_cancelled']
  if (isAsWritten) takeAnnotation(own, itemId, into)
  else takeForeign({ completed_by: own['annotator'], ...annotation }, itemId, into)
}

export function readLabelStudio(text: string, into: Import): undefined {
  readRecords(text, into, (task, line) => {
    if (!isFields(task['data']))
      throw new BrokenRow(
        `a task has its text under "data"; results go by the names ${LABEL_TAG} and ${NOTE_TAG}.`,
        'data',
      )
    const annotations = listIn(task, 'annotations').length > 0 ? task['annotations'] : task['completions']
    const itemId = takeData(task, task['data'], line, into)
    for (const annotation of listIn({ annotations }, 'annotations'))
      into.row(line, () => takeOne(annotation, itemId, into))
  })
}
