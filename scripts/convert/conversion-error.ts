/** The source folder or the arguments cannot be used; the message is one sentence for the person who ran the command. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError'
}
