/** The person who typed the command can mend this; the message says what and where, no stack is shown. */
export class BadInput extends Error {
  override readonly name = 'BadInput'
}
