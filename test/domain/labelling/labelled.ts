import fc from 'fast-check'
import {
  LABEL_SOURCES,
  type Annotation,
  type Item,
  type Suggestion,
} from '../../../src/domain/labelling/annotation'

/** An item with the fields a test cares about. */
export const itemOf = (fields: Partial<Item>): Item => ({ id: 'a', line: 1, text: 'Sales rose', ...fields })

/** An annotation with the fields a test cares about. */
export const annotationOf = (fields: Partial<Annotation>): Annotation => ({
  itemId: 'a',
  annotator: 'ann',
  at: 1_700_000_000_123,
  labelId: 'positive',
  source: 'hand',
  isSkipped: false,
  isFlagged: false,
  note: '',
  ...fields,
})

const unit = fc.constantFrom(...'ab",;\n\r\t =+-@\'{}[]\\/é#', '🚀', '\uFEFF', '\u2028')
const anyText = fc.oneof(fc.string({ unit, maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 8 }))
const fullText = anyText.filter((text) => text.trim() !== '')
const name = fc.oneof(
  fc.constantFrom(
    'id',
    'label',
    'file:label',
    'file:file:label',
    'p_x',
    'file:p_x',
    'item_columns',
    '=1',
    '"',
  ),
  anyText,
  fc.constantFrom('__proto__', 'constructor'),
)
const labelName = fc.constantFrom('negative', 'neutral', 'positive', 'angry', '=1', '"so"')

const suggestion: fc.Arbitrary<Suggestion> = fc.record(
  {
    probabilities: fc.dictionary(labelName, fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    model: fullText,
    weights: anyText,
    weightsSha256: anyText,
  },
  { noNullPrototype: true },
)

/** Fields that may be missing are missing, not undefined. */
const someOf = <T, K extends keyof T>(model: { [P in keyof T]: fc.Arbitrary<T[P]> }, requiredKeys: K[]) =>
  fc.record(model, { requiredKeys, noNullPrototype: true })

const item = someOf(
  {
    id: fullText,
    line: fc.nat(),
    text: fullText,
    pair: fullText,
    goldId: labelName,
    other: fc.dictionary(name, anyText, { maxKeys: 3, noNullPrototype: true }),
  },
  ['id', 'line', 'text'],
)

const annotation = someOf(
  {
    annotator: fullText,
    at: fc.integer({ min: -1e14, max: 1e14 }),
    labelId: labelName,
    source: fc.constantFrom(...LABEL_SOURCES),
    suggestion,
    isSkipped: fc.boolean(),
    isFlagged: fc.boolean(),
    note: anyText,
  },
  ['annotator', 'at', 'isSkipped', 'isFlagged', 'note'],
)

/** Items with what several annotators said of them, in the order of the items. */
export const labelled: fc.Arbitrary<{ items: Item[]; annotations: Annotation[] }> = fc
  .uniqueArray(
    fc.record({
      item,
      said: fc.uniqueArray(annotation, { maxLength: 3, selector: (each) => each.annotator }),
    }),
    { minLength: 1, maxLength: 5, selector: (each) => each.item.id },
  )
  .map((rows) => ({
    items: rows.map((row) => row.item),
    annotations: rows.flatMap((row) => row.said.map((each) => ({ ...each, itemId: row.item.id }))),
  }))
