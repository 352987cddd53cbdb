/** What the model is asked about: a text, or a text with a second one beside it. */
export interface TextPair {
  readonly text: string
  /** Never empty: a text without a pair is a plain string. */
  readonly pair: string
}

export type Asked = string | TextPair

/** A text and its pair as they are asked about; an empty pair is none. */
export const askedOf = ({ text, pair = '' }: { readonly text: string; readonly pair?: string }): Asked =>
  pair === '' ? text : { text, pair }

export const textOf = (asked: Asked): string => (typeof asked === 'string' ? asked : asked.text)

/** The second text, empty where there is none. */
export const pairOf = (asked: Asked): string => (typeof asked === 'string' ? '' : asked.pair)

/** Both in a row with a space between: how a pair reads where nothing else says where it goes. */
export const joined = (asked: Asked): string =>
  typeof asked === 'string' ? asked : `${asked.text} ${asked.pair}`.trim()
