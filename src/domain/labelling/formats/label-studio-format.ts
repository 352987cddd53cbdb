/**
 * Label Studio's JSON: a list of tasks with `data`, `annotations` and `predictions`, whose results are of type `choices`.
 * Source: its documentation, "Label Studio Task Format". What it has no place for stands in a key of ours.
 */
import { topIndex } from '../../margin'
import type { Annotation, Item, Suggestion } from '../annotation'
import { isoTime } from '../iso-time'
import { annotationJson, itemJson } from './annotation-json'
import { byItem } from './table-columns'

/** Names of the parts of {@link labelStudioConfig}. */
export const LABEL_TAG = 'label'
export const TEXT_TAG = 'text'
export const NOTE_TAG = 'note'
export const OWN = 'smallcap'

const escaped = (text: string): string => text.replace(/[&<>"\n]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** The labelling interface that these tasks are made for, as XML. */
export function labelStudioConfig(labelIds: readonly string[], hasPair: boolean): string {
  const choices = labelIds.map((id) => `    <Choice value="${escaped(id)}"/>`)
  return [
    '<View>',
    `  <Text name="${TEXT_TAG}" value="$text"/>`,
    ...(hasPair ? ['  <Text name="pair" value="$pair"/>'] : []),
    `  <Choices name="${LABEL_TAG}" toName="${TEXT_TAG}" choice="single">`,
    ...choices,
    '  </Choices>',
    `  <TextArea name="${NOTE_TAG}" toName="${TEXT_TAG}"/>`,
    '</View>\n',
  ].join('\n')
}

const choice = (id: string, labelId: string) => ({
  id,
  from_name: LABEL_TAG,
  to_name: TEXT_TAG,
  type: 'choices',
  value: { choices: [labelId] },
})

const note = (id: string, text: string) => ({
  id,
  from_name: NOTE_TAG,
  to_name: TEXT_TAG,
  type: 'textarea',
  value: { text: [text] },
})

/** Nobody is named in `completed_by`: Label Studio refuses a file with a person whom it does not know. */
function annotationTask(annotation: Annotation, id: string) {
  const { labelId, note: text, isSkipped } = annotation
  return {
    result: [
      ...(labelId === undefined ? [] : [choice(`${id}-label`, labelId)]),
      ...(text === '' ? [] : [note(`${id}-note`, text)]),
    ],
    was_cancelled: isSkipped,
    ground_truth: false,
    created_at: isoTime(annotation.at),
    updated_at: isoTime(annotation.at),
    [OWN]: annotationJson(annotation),
  }
}

function predictionTask({ model, weights, probabilities }: Suggestion, id: string) {
  const names = Object.keys(probabilities)
  const top = names[topIndex(Object.values(probabilities))]
  return {
    model_version: `${model} (${weights})`,
    ...(top !== undefined && { score: probabilities[top] }),
    result: top === undefined ? [] : [choice(`${id}-label`, top)],
  }
}

/** Each different suggestion once. */
function predictionsOf(annotations: readonly Annotation[], id: string) {
  const distinct = new Map(
    annotations.flatMap(({ suggestion }) => (suggestion ? [[JSON.stringify(suggestion), suggestion]] : [])),
  )
  return [...distinct.values()].map((suggestion, place) => predictionTask(suggestion, `${id}-p${place + 1}`))
}

/** The list task by task, each on a line of its own. */
export function* writeLabelStudio(
  items: readonly Item[],
  annotations: readonly Annotation[],
): Generator<string> {
  const ofItem = yield* byItem(annotations)
  yield '['
  for (const [place, item] of items.entries()) {
    const said = ofItem.get(item.id) ?? []
    const { pair } = item
    // Identifiers of results have to differ within a file.
    const id = `t${place + 1}`
    const task = {
      data: { text: item.text, ...(pair !== undefined && { pair }), ...itemJson(item) },
      annotations: said.map((annotation, count) => annotationTask(annotation, `${id}-a${count + 1}`)),
      predictions: predictionsOf(said, id),
    }
    yield `${place === 0 ? '' : ','}\n${JSON.stringify(task)}`
  }
  yield '\n]\n'
}
