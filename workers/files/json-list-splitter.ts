import { FileFailure, type Place } from './file-failure'
import { MAX_DEPTH, MAX_RECORD_CHARACTERS } from './limits'

export interface JsonItem {
  readonly line: number
  /** Character of the line at which the item begins, from 1. */
  readonly column: number
  readonly json: string
}

const SPACE = /\s/

/**
 * Cuts a JSON list that comes in pieces into the JSON of its items, so that a list of any length is read in little
 * memory. Brackets and strings are followed; whether an item is valid is left to `JSON.parse`.
 */
export class JsonListSplitter {
  private phase: 'before' | 'in list' | 'in item' | 'after' = 'before'
  private depth = 0
  private isString = false
  private isEscaped = false
  private item = ''
  private start: Required<Place> = { line: 1, column: 1 }
  private line = 1
  private lineStart = 0
  /** Characters of earlier pieces. */
  private offset = 0
  private needsComma = false

  /** The items that `text` completes. Throws FileFailure for what is no list and for limits. */
  push(text: string, isLast: boolean): readonly JsonItem[] {
    const items: JsonItem[] = []
    let from = 0
    for (let at = 0; at < text.length; at += 1) {
      const sign = text.charAt(at)
      if (sign === '\n') {
        this.line += 1
        this.lineStart = this.offset + at + 1
      }
      if (this.phase === 'in item') {
        const taken = this.take(sign)
        if (taken === 'more') continue
        const end = taken === 'last' ? at + 1 : at
        items.push({ ...this.start, json: this.item + text.slice(from, end) })
        this.item = ''
        this.phase = 'in list'
        this.needsComma = true
        if (taken === 'last') continue
      }
      if (SPACE.test(sign)) continue
      if (this.beginsItem(sign, this.offset + at)) {
        from = at
        this.take(sign)
      }
    }
    if (this.phase === 'in item') this.item += text.slice(from)
    this.offset += text.length
    if (this.item.length > MAX_RECORD_CHARACTERS) throw this.tooLong()
    if (isLast && this.phase !== 'after') throw this.unfinished()
    return items
  }

  /** Takes one sign of the current item: `last` ends it, `not its own` stands after it. */
  private take(sign: string): 'more' | 'last' | 'not its own' {
    if (this.isString) {
      if (this.isEscaped) this.isEscaped = false
      else if (sign === '\\') this.isEscaped = true
      else if (sign === '"') this.isString = false
      return this.isString || this.depth > 1 ? 'more' : 'last'
    }
    if (sign === '"') this.isString = true
    else if (sign === '{' || sign === '[') {
      this.depth += 1
      if (this.depth > MAX_DEPTH + 1)
        throw new FileFailure(
          'too-deep',
          `JSON that nests more than ${MAX_DEPTH} levels deep is not read.`,
          this.start,
        )
    } else if (this.depth === 1) return sign === ',' || sign === ']' ? 'not its own' : 'more'
    else if (sign === '}' || sign === ']') {
      this.depth -= 1
      return this.depth > 1 ? 'more' : 'last'
    }
    return 'more'
  }

  /** Takes a sign between items; true when it begins one. */
  private beginsItem(sign: string, position: number): boolean {
    const place = { line: this.line, column: position - this.lineStart + 1 }
    if (this.phase === 'before') {
      if (sign !== '[')
        throw new FileFailure(
          'not-a-list',
          'the JSON should be a list of records, in square brackets.',
          place,
        )
      this.phase = 'in list'
      this.depth = 1
      return false
    }
    if (this.phase === 'after')
      throw new FileFailure('invalid-json', 'there is more after the end of the list.', place)
    if (sign === ']') {
      this.phase = 'after'
      return false
    }
    if (sign === ',' && this.needsComma) {
      this.needsComma = false
      return false
    }
    if (sign === ',' || this.needsComma)
      throw new FileFailure(
        'invalid-json',
        `${this.needsComma ? 'a comma' : 'a record'} should stand here.`,
        place,
      )
    this.phase = 'in item'
    this.start = place
    return true
  }

  private tooLong(): FileFailure {
    const limit = MAX_RECORD_CHARACTERS.toLocaleString('en')
    const sentence = `the record that begins here does not end within ${limit} characters.`
    return new FileFailure('record-too-long', sentence, this.start)
  }

  private unfinished(): FileFailure {
    if (this.phase === 'before') return new FileFailure('empty', 'the file holds nothing but space.')
    const place = this.phase === 'in item' ? this.start : { line: this.line }
    const sentence = `the file ends in the middle of ${this.phase === 'in item' ? 'the record that begins here' : 'the list'}.`
    return new FileFailure('invalid-json', sentence, place)
  }
}
