/** Our own JSON Lines: an object per text, with what each annotator said of it in a list. */
import type { Annotation, Item } from '../annotation'
import { annotationJson, itemJson, takeAnnotation, takeItem } from './annotation-json'
import type { Import } from './import'
import { listIn, readRecords, textIn, textOf } from './json-records'
import { byItem } from './table-columns'

export function* writeJsonl(items: readonly Item[], annotations: readonly Annotation[]): Generator<string> {
  const ofItem = yield* byItem(annotations)
  for (const item of items) {
    const { id, line, ...rest } = itemJson(item)
    const said = (ofItem.get(item.id) ?? []).map(annotationJson)
    const pair = item.pair === undefined ? {} : { pair: item.pair }
    yield `${JSON.stringify({ id, line, text: item.text, ...pair, ...rest, annotations: said })}\n`
  }
}

export function readJsonl(text: string, into: Import): undefined {
  readRecords(text, into, (fields, line) => {
    const said = listIn(fields, 'annotations')
    const itemId = takeItem(fields, textOf(fields, 'text'), textIn(fields, 'pair'), line, into)
    for (const annotation of said) into.row(line, () => takeAnnotation(annotation, itemId, into))
  })
}
