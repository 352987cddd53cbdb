/**
 * JSON Lines as doccano exports and imports them for text classification: `label` lists the labels of all annotators, and
 * every key that doccano does not know is kept as the text's metadata. Ours hold the whole in one such key.
 */
import type { Annotation, Item } from '../annotation'
import { annotationJson, itemJson, takeAnnotation, takeItem } from './annotation-json'
import { BrokenRow, type Import } from './import'
import { cellOf, isFields, isList, listIn, readRecords, textIn, textOf, type Fields } from './json-records'
import { byItem } from './table-columns'

const OWN = 'smallcap'

const listed = (names: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(names)].filter((name) => name !== undefined).sort()

export function* writeDoccano(items: readonly Item[], annotations: readonly Annotation[]): Generator<string> {
  const ofItem = yield* byItem(annotations)
  for (const item of items) {
    const said = ofItem.get(item.id) ?? []
    const record = {
      id: item.id,
      text: item.text,
      label: listed(said.map(({ labelId }) => labelId)),
      Comments: said.map(({ note }) => note).filter((note) => note !== ''),
      ...(item.pair !== undefined && { pair: item.pair }),
      [OWN]: { ...itemJson(item), annotations: said.map(annotationJson) },
    }
    yield `${JSON.stringify(record)}\n`
  }
}

/** Versions of doccano wrote the text and its labels under these names. */
const TEXTS = ['text', 'data']
const LABELS = ['label', 'labels', 'cats']
const COMMENTS = ['Comments', 'comments']
const IDS = ['id', 'doc_id', 'external_id']

function labelsOf(fields: Fields): readonly string[] {
  const key = LABELS.find((name) => fields[name] !== undefined && fields[name] !== null)
  if (key === undefined) {
    if (isList(fields['annotations']) && fields['annotations'].length > 0)
      throw new BrokenRow(
        'only numbers of labels are here; export from doccano once more with the labels as text.',
        'annotations',
      )
    return []
  }
  const value = fields[key]
  const names = isList(value) ? value : [value]
  if (names.some((name) => typeof name === 'object'))
    throw new BrokenRow(
      'these are labels of parts of the text; only labels of a whole text can be taken.',
      key,
    )
  return listed(names.map((name) => cellOf(name).trim())).filter((name) => name !== '')
}

const noteOf = (fields: Fields): string => {
  const value = fields[COMMENTS.find((name) => fields[name] !== undefined) ?? ''] ?? []
  return (isList(value) ? value : [value]).map(cellOf).join('\n')
}

/** Adds the label that doccano's annotators gave, if it is one. */
function takeLabels(
  labels: readonly string[],
  itemId: string,
  more: Partial<Annotation>,
  into: Import,
): void {
  const [label] = labels
  if (labels.length > 1)
    throw new BrokenRow(
      `one label is needed where ${labels.length} are (${labels.join(', ')}); keep one.`,
      'label',
    )
  if (label !== undefined) into.label(itemId, label, more)
}

function takeOwn(fields: Fields, own: Fields, line: number, into: Import): void {
  const itemId = takeItem(own, textOf(fields, 'text'), textIn(fields, 'pair'), line, into)
  const said = listIn(own, 'annotations')
  for (const annotation of said) into.row(line, () => takeAnnotation(annotation, itemId, into))
  const before = listed(said.map((each) => (isFields(each) ? textIn(each, 'label') : undefined)))
  const now = labelsOf(fields)
  // Somebody labelled it in doccano since.
  if (now.join('\n') !== before.join('\n'))
    takeLabels(
      now.filter((name) => !before.includes(name)),
      itemId,
      {},
      into,
    )
}

function takeForeign(fields: Fields, line: number, into: Import): void {
  const textKey = TEXTS.find((name) => typeof fields[name] === 'string') ?? 'text'
  const text = textOf(fields, textKey).trim()
  if (text === '') throw new BrokenRow('the text is missing; fill it in or take the record out.', textKey)
  const idKey = IDS.find((name) => fields[name] !== undefined)
  const id = idKey === undefined ? '' : cellOf(fields[idKey])
  const labels = labelsOf(fields)
  const known = [textKey, idKey, 'username', 'annotations', ...LABELS, ...COMMENTS]
  const other = Object.entries(fields).filter(([name]) => !known.includes(name))
  const itemId = into.item(
    {
      id: id === '' ? undefined : id,
      line,
      text,
      ...(other.length > 0 && {
        other: Object.fromEntries(other.map(([name, value]) => [name, cellOf(value)])),
      }),
    },
    true,
  )
  const annotator = cellOf(fields['username'])
  takeLabels(labels, itemId, { note: noteOf(fields), ...(annotator !== '' && { annotator }) }, into)
}

export function readDoccano(text: string, into: Import): undefined {
  readRecords(text, into, (fields, line) => {
    const own = fields[OWN]
    if (isFields(own)) takeOwn(fields, own, line, into)
    else takeForeign(fields, line, into)
  })
}
