import { quoted } from './format-error'
import { JsonFields } from './json-fields'
import { parseStrictJson } from './strict-json'

const MAX_PIECES = 1_000_000
const MAX_ADDED = 10_000
const MAX_NORMALISERS = 32
const MAX_PATTERN_LENGTH = 200
/** The patterns of published T5 tokenizers have one; two or three cannot make a search exponential without groups. */
const MAX_REPEATS = 3

/**
 * Reads a `tokenizer.json` for T5: unigram pieces whose ids all lie inside the model's vocabulary, an unknown piece, an end
 * token added to every text, and patterns that no text can make slow. Gives the JSON back for the tokenizer library.
 * Throws ModelFormatError naming the field.
 */
export function parseTokenizerFile(bytes: Uint8Array, file: string, vocabSize: number): object {
  const json = parseStrictJson(bytes, file, 'content')
  const fields = JsonFields.from(json, file, '')
  const model = fields.fields('model')
  if (model.value('type') !== 'Unigram') throw model.error('type', '"Unigram", the kind that T5 has')
  const pieces = model.list('vocab', Math.min(MAX_PIECES, vocabSize))
  const damaged = pieces.find((piece) => !isPiece(piece))
  if (damaged !== undefined) throw model.error('vocab', 'pairs of a piece and its score', quoted(damaged))
  model.integer('unk_id', { min: 0, max: pieces.length - 1 })
  for (const token of fields.fieldsList('added_tokens', MAX_ADDED)) {
    token.integer('id', { min: 0, max: vocabSize - 1 })
    token.text('content')
  }
  checkEndToken(fields, vocabSize)
  for (const part of ['normalizer', 'pre_tokenizer']) if (fields.has(part)) checkPatterns(fields.fields(part))
  if (typeof json !== 'object' || json === null) throw fields.error('model', 'a JSON object')
  return json
}

/**
 * Reads a `tokenizer.json` for an encoder: WordPiece, BPE or unigram pieces, and patterns that no text can make slow. Gives
 * the JSON back for the tokenizer library. Throws ModelFormatError naming the field.
 */
export function parseEncoderTokenizerFile(bytes: Uint8Array, file: string): object {
  const json = parseStrictJson(bytes, file, 'content')
  const fields = JsonFields.from(json, file, '')
  const model = fields.fields('model')
  const type = model.value('type')
  if (type !== 'WordPiece' && type !== 'BPE' && type !== 'Unigram')
    throw model.error('type', '"WordPiece", "BPE" or "Unigram"')
  for (const part of ['normalizer', 'pre_tokenizer']) if (fields.has(part)) checkPatterns(fields.fields(part))
  if (typeof json !== 'object' || json === null) throw fields.error('model', 'a JSON object')
  return json
}

const isPiece = (piece: unknown): boolean =>
  Array.isArray(piece) &&
  piece.length === 2 &&
  typeof piece[0] === 'string' &&
  typeof piece[1] === 'number' &&
  Number.isFinite(piece[1])

/** Without its end token a text is not what the model was trained on. */
function checkEndToken(fields: JsonFields, vocabSize: number): void {
  const processor = fields.fields('post_processor')
  if (processor.value('type') !== 'TemplateProcessing')
    throw processor.error('type', '"TemplateProcessing", which adds the end token')
  const parts = processor.fieldsList('single', MAX_NORMALISERS)
  const special = parts.findLast((part) => part.has('SpecialToken'))
  if (!special) throw processor.error('single', 'a special token after the text')
  const name = special.fields('SpecialToken').text('id')
  const tokens = processor.fields('special_tokens')
  const ids = tokens.fields(name).list('ids', 1)
  if (!ids.every((id) => Number.isInteger(id) && Number(id) >= 0 && Number(id) < vocabSize))
    throw tokens.error(name, `an id from 0 to ${vocabSize - 1}`)
}

/** Refuses patterns whose search may take exponential time: repeats inside of groups, or many repeats. */
function checkPatterns(step: JsonFields): void {
  for (const list of ['normalizers', 'pretokenizers'])
    if (step.has(list)) for (const inner of step.fieldsList(list, MAX_NORMALISERS)) checkPatterns(inner)
  if (!step.has('pattern')) return
  const pattern = step.fields('pattern')
  if (!pattern.has('Regex')) return
  const regex = pattern.text('Regex')
  const repeats = regex.match(/[*+{]/g)?.length ?? 0
  if (regex.length > MAX_PATTERN_LENGTH || regex.includes('(') || repeats > MAX_REPEATS)
    throw pattern.error('Regex', `a pattern without groups and with at most ${MAX_REPEATS} repeats`)
}
