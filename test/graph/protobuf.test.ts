import { expect, it } from 'vitest'
import { MessageWriter } from '../../workers/graph/protobuf'

const hex = (writer: MessageWriter): string => Buffer.from(writer.finish()).toString('hex')

// The first three are the examples of https://protobuf.dev/programming-guides/encoding/
it.each([
  ['a whole number', new MessageWriter().integer(1, 150), '089601'],
  ['text', new MessageWriter().text(2, 'testing'), '120774657374696e67'],
  ['a message', new MessageWriter().message(3, new MessageWriter().integer(1, 150)), '1a03089601'],
  ['a negative number', new MessageWriter().integer(1, -1), '08ffffffffffffffffff01'],
  ['a float', new MessageWriter().float(2, 1), '150000803f'],
  ['packed numbers', new MessageWriter().integers(6, [3, 270, 86942]), '3206038e029ea705'],
  ['a zero', new MessageWriter().integer(3, 0), '1800'],
])('writes %s as the format asks', (_, writer, expected) => {
  expect(hex(writer)).toBe(expected)
})
