import type { Label, LabelSet } from '../domain/label'

export type Hue = 'vermillion' | 'grey' | 'blue' | 'orange' | 'sky' | 'green' | 'yellow' | 'purple'

export interface LabelLook {
  readonly hue: Hue
  /** Stands beside the colour: the shape `down`, `dot` or `up` where the label has a direction, else its initial. */
  readonly mark: string
}

const BY_MEANING = new Map<string, LabelLook>([
  ['negative', { hue: 'vermillion', mark: 'down' }],
  ['neutral', { hue: 'grey', mark: 'dot' }],
  ['positive', { hue: 'blue', mark: 'up' }],
])

/** Okabe and Ito's order, without the black that text owns. */
const BY_PLACE: readonly Hue[] = ['orange', 'sky', 'green', 'yellow', 'blue', 'vermillion', 'purple']

/** Colour and mark of each label, in label order; colours repeat after the seventh, marks tell them apart. */
export function labelLooks(labels: LabelSet): readonly LabelLook[] {
  const meant = labels.map((label) => BY_MEANING.get(label.id))
  if (meant.every((look) => look !== undefined)) return meant
  return labels.map((label, place) => ({
    hue: BY_PLACE[place % BY_PLACE.length] ?? 'grey',
    mark: initial(label),
  }))
}

const initial = (label: Label): string => (label.id.at(0) ?? '?').toUpperCase()
