import { JsonFields } from './json-fields'

const MAX_VOCABULARY = 1_000_000
const MAX_POSITIONS = 32_768
/** More tokens than this make a run slow on the processor; BERT was trained on as many. */
const MAX_INPUT_TOKENS = 512
const MAX_CLASSES = 64

/** Kinds whose positions begin after the padding id, so that they have two fewer than they say. */
const OFFSET_POSITIONS = ['roberta', 'xlm-roberta', 'camembert', 'xlm-roberta-xl', 'mpnet']

/** An encoder with a classification head: BERT, RoBERTa, DistilBERT and their like. */
export interface EncoderConfig {
  readonly modelType: string
  readonly vocabSize: number
  readonly padTokenId: number
  /** Tokens of an input, special ones included. */
  readonly maxInputTokens: number
  /** What the head tells apart, as the model's maker named them, by index. */
  readonly classes: readonly string[]
  /** The head has one logit, whose sigmoid is the probability of the second class; the first is its opposite. */
  readonly isYesNo: boolean
  /** Weights, estimated from the sizes of BERT's layers; undefined where the configuration does not tell them. */
  readonly parameters?: number
}

/** Reads a `config.json`. Throws ModelFormatError naming the field for what is no classifier of one label per text. */
export function parseEncoderConfig(bytes: Uint8Array, file: string): EncoderConfig {
  const fields = JsonFields.parse(bytes, file)
  const architecture = fields.has('architectures') ? fields.texts('architectures', 16)[0] : undefined
  if (architecture !== undefined && !architecture.endsWith('ForSequenceClassification'))
    throw fields.error('architectures', 'an encoder …ForSequenceClassification', architecture)
  if (fields.boolean('is_encoder_decoder', false)) throw fields.error('is_encoder_decoder', 'false')
  const modelType = fields.text('model_type')
  const vocabSize = fields.integer('vocab_size', { min: 1, max: MAX_VOCABULARY })
  const padTokenId = fields.integer('pad_token_id', { min: 0, max: vocabSize - 1, fallback: 0 })
  const parameters = estimateParameters(fields, vocabSize)
  return {
    modelType,
    vocabSize,
    padTokenId,
    maxInputTokens: readMaxTokens(fields, OFFSET_POSITIONS.includes(modelType) ? padTokenId + 1 : 0),
    ...readClasses(fields),
    ...(parameters !== undefined && { parameters }),
  }
}

function readMaxTokens(fields: JsonFields, offset: number): number {
  const positions = fields.integer('max_position_embeddings', {
    min: 8 + offset,
    max: MAX_POSITIONS,
    fallback: MAX_INPUT_TOKENS + offset,
  })
  return Math.min(positions - offset, MAX_INPUT_TOKENS)
}

function readClasses(fields: JsonFields): Pick<EncoderConfig, 'classes' | 'isYesNo'> {
  const names = fields.fields('id2label')
  if (names.names.length > MAX_CLASSES)
    throw fields.error('id2label', `at most ${MAX_CLASSES} classes`, `${names.names.length}`)
  const classes = names.names.map((_, index) => names.text(String(index)))
  const problem = fields.has('problem_type') ? fields.text('problem_type') : 'single_label_classification'
  const [only] = classes
  if (classes.length === 1 && only !== undefined && problem === 'multi_label_classification')
    return { classes: [`not ${only}`, only], isYesNo: true }
  if (problem !== 'single_label_classification')
    throw fields.error(
      'problem_type',
      '"single_label_classification": a text gets one label here, not several and not a number',
    )
  if (classes.length < 2) throw fields.error('id2label', 'at least two classes', `${classes.length}`)
  if (new Set(classes).size !== classes.length) throw fields.error('id2label', 'each name once', 'one twice')
  return { classes, isYesNo: false }
}

/** Tables, attention and feed-forward of each layer, biases and norms left out: within a percent. */
function estimateParameters(fields: JsonFields, vocabSize: number): number | undefined {
  const numberOf = (...names: readonly string[]) =>
    names.map((name) => fields.value(name)).find((value): value is number => typeof value === 'number')
  const width = numberOf('hidden_size', 'dim')
  const layers = numberOf('num_hidden_layers', 'n_layers')
  const inner = numberOf('intermediate_size', 'hidden_dim')
  const positions = numberOf('max_position_embeddings')
  if (width === undefined || layers === undefined || inner === undefined || positions === undefined)
    return undefined
  return (vocabSize + positions) * width + layers * (4 * width ** 2 + 2 * width * inner)
}
