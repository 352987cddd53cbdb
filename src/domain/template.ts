/** Prompts from templates: what the model is asked, word for word. */
import { joined, pairOf, textOf, type Asked } from './asked'
import { findLabel } from './find-label'
import type { LabelSet } from './label'
import type { Demonstration, KShotFormat, Task } from './task'

/** In a template it stands where the model is to say the label's words. */
export const SENTINEL = '<extra_id_0>'

type Placeholder = 'text' | 'pair' | 'options' | 'label'

/**
 * Puts the values in the placeholders' places in one pass, so that braces or `$&` inside a value stay as they are.
 * A placeholder without a value stays too: braces may be part of a template's own wording.
 */
function fill(template: string, values: Partial<Record<Placeholder, string>>): string {
  return template.replace(
    /\{(text|pair|options|label)\}/g,
    (whole, name: Placeholder) => values[name] ?? whole,
  )
}

/** The one rule for pairs: a pair goes where `{pair}` stands; in a template without it, it follows the text after a space. */
function fillAsked(template: string, asked: Asked, options: string): string {
  return template.includes('{pair}')
    ? fill(template, { text: textOf(asked), pair: pairOf(asked), options })
    : fill(template, { text: joined(asked), options })
}

const optionsOf = (task: Task): string => task.labels.map((label) => label.words).join(task.optionsSeparator)

function labelWords(labels: LabelSet, name: string): string {
  const label = findLabel(labels, name)
  if (label === undefined)
    throw new RangeError(`A demonstration is labelled "${name}", which is no label of the task.`)
  return label.words
}

/** The zero-shot or fine-tuned prompt of one text, or of a text and its pair. */
export function renderQuery(task: Task, asked: Asked): string {
  return fillAsked(task.template, asked, optionsOf(task))
}

/**
 * The k-shot prompt: the demonstrations in the order given, which have no pair, then the query.
 * Throws a RangeError for a demonstration whose label the task does not have.
 */
export function renderKShot(task: Task, demonstrations: readonly Demonstration[], asked: Asked): string {
  const options = optionsOf(task)
  const parts = demonstrations.map(({ text: shown, labelId }) =>
    fill(task.kShot.demonstration, {
      text: shown,
      pair: '',
      options,
      label: labelWords(task.labels, labelId),
    }),
  )
  return [...parts, fillAsked(task.kShot.query, asked, options)].join(task.kShot.separator)
}

/** What is wrong with a query template, as a sentence, or undefined when it can be used. */
export function validateTemplate(template: string): string | undefined {
  if (!template.includes('{text}')) return 'The template needs {text} where the text goes.'
  if (template.includes('{label}')) {
    return 'The template asks for the label, so it cannot hold {label}: use {options} to name all labels.'
  }
  return undefined
}

/** What is wrong with a k-shot format, as a sentence, or undefined when it can be used. */
export function validateKShotFormat(format: KShotFormat): string | undefined {
  if (!format.demonstration.includes('{text}')) return 'The demonstration needs {text} where its text goes.'
  if (!format.demonstration.includes('{label}'))
    return 'The demonstration needs {label} where its label goes.'
  const query = validateTemplate(format.query)
  return query?.replace('The template', 'The k-shot query')
}
