/** Writes parts of an ONNX file. Field numbers are those of onnx.proto3. */
import { MessageWriter } from './protobuf'
import { bytesOf, elementTypes, type Dimension, type ElementType, type Tensor } from './tensor'

export type Attribute = number | string | readonly number[] | { readonly float: number }

export interface Node {
  readonly operator: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

const irVersion = 10
const operatorSets = [
  { domain: '', version: 21 },
  { domain: 'com.microsoft', version: 1 },
]

const attributeTypes = { float: 1, integer: 2, text: 3, integers: 7 } as const
const utf8 = new TextEncoder()

/** AttributeProto: whole numbers, lists of them, text; a real number is wrapped so that 1.0 is not taken for 1. */
function attributeMessage(name: string, value: Attribute): MessageWriter {
  const message = new MessageWriter().text(1, name)
  if (typeof value === 'number') return message.integer(3, value).integer(20, attributeTypes.integer)
  if (typeof value === 'string') return message.bytes(4, utf8.encode(value)).integer(20, attributeTypes.text)
  if ('float' in value) return message.float(2, value.float).integer(20, attributeTypes.float)
  return message.integers(8, value).integer(20, attributeTypes.integers)
}

export function nodeMessage(node: Node): MessageWriter {
  const message = new MessageWriter()
  for (const input of node.inputs) message.text(1, input)
  for (const output of node.outputs) message.text(2, output)
  message.text(3, node.outputs[0] ?? node.operator).text(4, node.operator)
  for (const [name, value] of Object.entries(node.attributes))
    message.message(5, attributeMessage(name, value))
  return node.domain === '' ? message : message.text(7, node.domain)
}

/** TensorProto with its bytes inside the file. */
export function inlineTensorMessage(name: string, tensor: Tensor): MessageWriter {
  return tensorMessage(name, tensor).bytes(9, bytesOf(tensor.data))
}

/** TensorProto whose bytes are all of the file at `path`. */
export function externalTensorMessage(name: string, tensor: Tensor, path: string): MessageWriter {
  const location = new MessageWriter().text(1, 'location').text(2, path)
  return tensorMessage(name, tensor).message(13, location).integer(14, 1)
}

function tensorMessage(name: string, tensor: Tensor): MessageWriter {
  return new MessageWriter().integers(1, tensor.dims).integer(2, elementTypes[tensor.type]).text(8, name)
}

export function valueInfoMessage(name: string, type: ElementType, dims: readonly Dimension[]): MessageWriter {
  const shape = new MessageWriter()
  for (const dim of dims) {
    const entry = new MessageWriter()
    shape.message(1, typeof dim === 'number' ? entry.integer(1, dim) : entry.text(2, dim))
  }
  const tensorType = new MessageWriter().integer(1, elementTypes[type]).message(2, shape)
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensorType))
}

/** ModelProto around a finished GraphProto. */
export function modelMessage(graph: MessageWriter): MessageWriter {
  const model = new MessageWriter().integer(1, irVersion).text(2, 'smallcap').message(7, graph)
  for (const set of operatorSets)
    model.message(8, new MessageWriter().text(1, set.domain).integer(2, set.version))
  return model
}
