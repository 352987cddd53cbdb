import { describe, expect, it } from 'vitest'
import { parseEncoderConfig } from '../../workers/formats/encoder-config'

const bert = {
  model_type: 'bert',
  architectures: ['BertForSequenceClassification'],
  vocab_size: 30522,
  hidden_size: 384,
  num_hidden_layers: 6,
  intermediate_size: 1536,
  max_position_embeddings: 512,
  id2label: { 0: 'negative', 1: 'positive', 2: 'neutral' },
}

const parse = (change: object = {}) =>
  parseEncoderConfig(new TextEncoder().encode(JSON.stringify({ ...bert, ...change })), 'config.json')

describe('parseEncoderConfig', () => {
  it('reads classes in the order of the head', () => {
    expect(parse()).toMatchObject({
      modelType: 'bert',
      vocabSize: 30522,
      padTokenId: 0,
      maxInputTokens: 512,
      classes: ['negative', 'positive', 'neutral'],
      isYesNo: false,
    })
    // all-MiniLM-L6-v2 has 22.7M.
    expect(Math.abs((parse().parameters ?? 0) / 22.7e6 - 1)).toBeLessThan(0.02)
  })

  it('leaves out the positions that RoBERTa never uses', () => {
    const roberta = { model_type: 'roberta', max_position_embeddings: 514, pad_token_id: 1 }
    expect(parse(roberta).maxInputTokens).toBe(512)
    expect(parse({ ...roberta, max_position_embeddings: 130 }).maxInputTokens).toBe(128)
    expect(parse({ max_position_embeddings: 8192 }).maxInputTokens).toBe(512)
  })

  it('reads the sizes of DistilBERT under their own names', () => {
    const { parameters } = parse({
      model_type: 'distilbert',
      hidden_size: undefined,
      num_hidden_layers: undefined,
      intermediate_size: undefined,
      dim: 768,
      n_layers: 6,
      hidden_dim: 3072,
    })
    expect(Math.abs((parameters ?? 0) / 66.4e6 - 1)).toBeLessThan(0.02)
  })

  it('makes two classes of a single yes or no', () => {
    const one = { id2label: { 0: 'toxic' }, problem_type: 'multi_label_classification' }
    expect(parse(one)).toMatchObject({ classes: ['not toxic', 'toxic'], isYesNo: true })
  })

  it.each([
    [{ architectures: ['BertForMaskedLM'] }, 'architectures'],
    [{ problem_type: 'multi_label_classification' }, 'problem_type'],
    [{ problem_type: 'regression' }, 'a text gets one label here, not several and not a number'],
    [{ id2label: { 0: 'score' } }, 'at least two classes'],
    [{ id2label: { 0: 'a', 2: 'b' } }, 'id2label.1'],
    [{ id2label: { 0: 'a', 1: 'a' } }, 'each name once'],
    [{ id2label: undefined }, 'id2label'],
    [{ is_encoder_decoder: true }, 'is_encoder_decoder'],
    [{ vocab_size: -1 }, 'vocab_size'],
    [{ max_position_embeddings: 2 }, 'max_position_embeddings'],
  ])('refuses %o with what is wrong', (change, message) => {
    expect(() => parse(change)).toThrow(message)
  })
})
