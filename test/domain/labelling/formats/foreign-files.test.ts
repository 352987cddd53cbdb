import { describe, expect, it } from 'vitest'
import {
  readAnnotations,
  writeAnnotations,
  type ReadFormat,
} from '../../../../src/domain/labelling/formats/formats'
import { guessFormat } from '../../../../src/domain/labelling/formats/guess-format'
import { datasetCard } from '../../../../src/domain/labelling/formats/hugging-face-format'
import { labelStudioConfig } from '../../../../src/domain/labelling/formats/label-studio-format'
import { FINANCE_TASK } from '../../finance-task'
import { annotationOf, itemOf } from '../labelled'

const { labels } = FINANCE_TASK
const defaults = { annotator: 'nobody', at: 5 }

function read(format: ReadFormat, text: string) {
  const found = readAnnotations(format, text, labels, defaults)
  if (!found.ok) throw new Error(found.error.message)
  return found.value
}

const said = (format: ReadFormat, text: string) =>
  read(format, text).annotations.map(({ annotator, labelId }) => [annotator, labelId])

describe('tables', () => {
  it('finds texts, labels, annotators and times by their names', () => {
    const text =
      'doc_id;headline;annotator;label;labelled_at;date\n1;Sales rose;ann;bullish;2024-01-01;Mon\n1;Sales rose;bob;angry;2024-01-02;Mon\n2;It fell;ann;;;Tue\n'
    const found = read('csv', text)
    expect(found.items).toEqual([
      { id: '1', line: 2, text: 'Sales rose', other: { date: 'Mon' } },
      { id: '2', line: 4, text: 'It fell', other: { date: 'Tue' } },
    ])
    expect(found.annotations).toMatchObject([
      { itemId: '1', annotator: 'ann', labelId: 'positive', source: 'imported', at: 1_704_067_200_000 },
      { itemId: '1', annotator: 'bob', labelId: 'angry' },
    ])
    expect(found.newLabels).toEqual([{ name: 'angry', count: 1 }])
  })

  it('makes ids where there are none, and says so', () => {
    const found = read('csv', 'text,sentiment\nUp,positive\nDown,negative\n')
    expect([...found.madeIds]).toEqual(['line 2', 'line 3'])
    expect(found.annotations.map(({ itemId, annotator, at }) => [itemId, annotator, at])).toEqual([
      ['line 2', 'nobody', 5],
      ['line 3', 'nobody', 5],
    ])
  })

  it('takes numbers in the order of the labels, and says that this is a guess', () => {
    const found = read('csv', 'headline,label\nUp it goes,2\nDown it goes,0\nGone,-1\n')
    expect(found.annotations.map(({ labelId }) => labelId)).toEqual(['positive', 'negative'])
    expect(found.areLabelsNumbered).toBe(true)
    expect(found.items).toHaveLength(3)
  })

  it('keeps texts apart that share an id', () => {
    const found = read('tsv', 'id\ttext\tlabel\n1\tUp\tpositive\n1\tDown\tnegative\n')
    expect(found.items.map(({ id }) => id)).toEqual(['1', 'line 3'])
    expect(found.unreadRows).toBe(0)
  })
})

describe('doccano', () => {
  it.each([
    ['{"id":1,"text":"Up","label":["positive"],"Comments":["sure"]}', [['nobody', 'positive']]],
    ['{"doc_id":1,"text":"Up","labels":["bullish"],"username":"ann"}', [['ann', 'positive']]],
    ['{"id":1,"data":"Up","label":"positive"}', [['nobody', 'positive']]],
    ['[{"id":1,"text":"Up","label":["angry"]}]', [['nobody', 'angry']]],
    ['{"id":1,"text":"Up","label":[],"Comments":[]}', []],
  ])('%s', (text, expected) => {
    expect(said('doccano', text)).toEqual(expected)
    expect(guessFormat('x.jsonl', text)).toBe(text.includes('"data"') ? 'hugging-face' : 'doccano')
  })

  it('keeps comments and metadata', () => {
    const found = read(
      'doccano',
      '{"id":1,"text":"Up","label":["positive"],"Comments":["a","b"],"url":"x","n":{"m":1}}',
    )
    expect(found.annotations[0]?.note).toBe('a\nb')
    expect(found.items[0]?.other).toEqual({ url: 'x', n: '{"m":1}' })
  })

  it.each([
    ['"label":["positive","negative"]', 'one label is needed where 2 are (negative, positive); keep one.'],
    ['"label":[[0,2,"ORG"]]', 'these are labels of parts of the text'],
    ['"annotations":[{"label":3,"user":1}]', 'export from doccano once more with the labels as text'],
  ])('says what is wrong with %s', (label, message) => {
    const found = read('doccano', `{"text":"Up",${label}}\n{"text":"Down","label":["negative"]}`)
    expect(found.troubles.map((each) => each.message)).toEqual([expect.stringContaining(message)])
    expect(found.annotations).toHaveLength(1)
  })

  it('notices that a text of ours was labelled there since', () => {
    const line = [
      ...writeAnnotations('doccano', [itemOf({})], [annotationOf({ labelId: 'positive' })], labels),
    ].join('')
    expect(said('doccano', line.replace('"label":["positive"]', '"label":["negative","positive"]'))).toEqual([
      ['ann', 'positive'],
      ['nobody', 'negative'],
    ])
  })
})

describe('Label Studio', () => {
  const exported = {
    id: 12,
    data: { text: ' Up ', source: 'wire' },
    annotations: [
      {
        completed_by: 3,
        result: [
          { from_name: 'sentiment', to_name: 'text', type: 'choices', value: { choices: ['positive'] } },
        ],
        was_cancelled: false,
        updated_at: '2021-03-09T22:16:08.728378Z',
      },
      { completed_by: { id: 4, email: 'bob@x.org' }, result: [], was_cancelled: true },
      { completed_by: 5, result: [], was_cancelled: false },
    ],
    predictions: [],
  }

  it('reads what it exports', () => {
    const found = read('label-studio', JSON.stringify([exported], undefined, 2))
    expect(found.items).toEqual([{ id: '12', line: 2, text: 'Up', other: { source: 'wire' } }])
    expect(found.annotations).toMatchObject([
      { annotator: 'user 3', labelId: 'positive', at: 1_615_328_168_728, isSkipped: false },
      { annotator: 'bob@x.org', isSkipped: true },
    ])
    expect(found.annotations[1]).not.toHaveProperty('labelId')
  })

  it('takes one task, and tasks line by line', () => {
    expect(read('label-studio', JSON.stringify(exported)).items).toHaveLength(1)
    expect(said('label-studio', `${JSON.stringify(exported)}\n`.repeat(2))).toHaveLength(2)
  })

  it('writes results by the names of the interface that goes with them', () => {
    const suggestion = {
      probabilities: { negative: 0.2, positive: 0.8 },
      model: 'm',
      weights: 'base',
      weightsSha256: 'f0',
    }
    const said = annotationOf({ note: 'odd', suggestion })
    const [task] = JSON.parse(
      [...writeAnnotations('label-studio', [itemOf({})], [said], labels)].join(''),
    ) as unknown[]
    const label = { from_name: 'label', to_name: 'text', type: 'choices', value: { choices: ['positive'] } }
    expect(task).toMatchObject({
      annotations: [
        {
          result: [label, { from_name: 'note', to_name: 'text', type: 'textarea', value: { text: ['odd'] } }],
        },
      ],
      predictions: [{ model_version: 'm (base)', score: 0.8, result: [label] }],
    })
    const config = labelStudioConfig(['positive', 'a "b" & <c>'], true)
    expect(config).toContain('<Choices name="label" toName="text" choice="single">')
    expect(config).toContain('<Choice value="a &#34;b&#34; &#38; &#60;c&#62;"/>')
    expect(config).toContain('value="$pair"')
  })

  it('believes a result that was changed there', () => {
    const text = [...writeAnnotations('label-studio', [itemOf({})], [annotationOf({})], labels)].join('')
    const changed = text.replace('"choices":["positive"]', '"choices":["negative"]')
    expect(said('label-studio', changed)).toEqual([['ann', 'negative']])
  })
})

describe('Hugging Face', () => {
  it.each([
    // As Twitter financial news sentiment numbers them.
    ['{"text":"It went up today","label":2}\n{"text":"It went down","label":0}', ['neutral', 'negative']],
    ['{"text":"It went up today","label":"positive"}\n{"text":"It went","label":null}', ['positive']],
    ['{"text":"It went up today","label":1,"label_text":"angry"}', ['angry']],
    ['{"sentence":"It went up today","label":-1}\n{"sentence":"It went","label":2}', ['positive']],
  ])('%s', (text, expected) => {
    const found = read('hugging-face', text)
    expect(found.annotations.map(({ labelId }) => labelId)).toEqual(expected)
    expect(guessFormat('train.jsonl', text)).toBe('hugging-face')
  })

  it('says what the numbers stand for', () => {
    const annotations = [annotationOf({ labelId: 'angry' })]
    const line = [...writeAnnotations('hugging-face', [itemOf({})], annotations, labels)].join('')
    expect(JSON.parse(line)).toMatchObject({ label: 3, label_text: 'angry' })
    expect(datasetCard(annotations, ['negative', 'neutral', 'positive'])).toContain(
      '        names:\n          \'0\': "negative"\n          \'1\': "neutral"\n          \'2\': "positive"\n          \'3\': "angry"\n---',
    )
  })
})
