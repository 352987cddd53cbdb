/** The graph room builds ONNX graphs: values flow from inputs and weights through operations to outputs. */
import {
  externalTensorMessage,
  inlineTensorMessage,
  modelMessage,
  nodeMessage,
  valueInfoMessage,
  type Attribute,
} from './onnx-file'
import { MessageWriter } from './protobuf'
import { bytesOf, type Dimension, type ElementType, type Tensor } from './tensor'

/** A tensor inside a graph. */
export interface Value {
  readonly name: string
}

/** Stands for an optional operator input that is left out. */
export const absent: Value = { name: '' }

/** A weight outside of its ONNX file. */
export interface ExternalWeight {
  /** Where the ONNX file says it lies. */
  readonly path: string
  readonly data: Uint8Array
}

/** An ONNX file and the weights it refers to, each by itself: put together they would be held twice. */
export interface BuiltGraph {
  readonly model: Uint8Array
  readonly weights: readonly ExternalWeight[]
}

export interface NodeOptions {
  readonly domain?: 'com.microsoft'
  readonly attributes?: Readonly<Record<string, Attribute>>
}

export class GraphBuilder {
  private readonly nodes: MessageWriter[] = []
  private readonly initializers: MessageWriter[] = []
  private readonly inputs: MessageWriter[] = []
  private readonly outputs: MessageWriter[] = []
  private readonly weights: ExternalWeight[] = []
  private readonly constants = new Map<string, Value>()
  private counter = 0

  /** @param keepsWeightsInside in the ONNX file, which others can then read by itself */
  constructor(private readonly keepsWeightsInside = false) {}

  input(name: string, type: ElementType, dims: readonly Dimension[]): Value {
    this.inputs.push(valueInfoMessage(name, type, dims))
    return { name }
  }

  /** A model weight; as a rule its bytes are kept outside the ONNX file, which may not pass 2 GB. */
  weight(tensor: Tensor): Value {
    const name = this.fresh('weight')
    if (this.keepsWeightsInside) {
      this.initializers.push(inlineTensorMessage(name, tensor))
      return { name }
    }
    this.weights.push({ path: name, data: bytesOf(tensor.data) })
    this.initializers.push(externalTensorMessage(name, tensor, name))
    return { name }
  }

  /**
   * A weight that ONNX Runtime takes for one that may be replaced when the graph is run: as it is no constant, nothing is
   * computed from it beforehand and kept in its place.
   */
  replaceableWeight(tensor: Tensor): Value {
    const value = this.weight(tensor)
    this.inputs.push(valueInfoMessage(value.name, tensor.type, tensor.dims))
    return value
  }

  /** A small fixed tensor, kept in the ONNX file, where shape inference can see it; equal ones are shared. */
  constant(tensor: Tensor): Value {
    const key = `${tensor.type} ${tensor.dims.join('x')} ${tensor.data.join()}`
    const known = this.constants.get(key)
    if (known) return known
    const value = { name: this.fresh('constant') }
    this.initializers.push(inlineTensorMessage(value.name, tensor))
    this.constants.set(key, value)
    return value
  }

  /** Adds an operator with one output. */
  node(operator: string, inputs: readonly Value[], options: NodeOptions = {}): Value {
    const output = { name: this.fresh(operator) }
    this.addNode(operator, inputs, [output.name], options)
    return output
  }

  /** Adds an operator with `count` outputs. */
  nodeWithOutputs(
    operator: string,
    inputs: readonly Value[],
    count: number,
    options: NodeOptions = {},
  ): Value[] {
    const outputs = Array.from({ length: count }, () => ({ name: this.fresh(operator) }))
    this.addNode(
      operator,
      inputs,
      outputs.map((output) => output.name),
      options,
    )
    return outputs
  }

  /** Makes a value an output of the graph under `name`. */
  output(name: string, value: Value, type: ElementType, dims: readonly Dimension[]): void {
    this.addNode('Identity', [value], [name], {})
    this.outputs.push(valueInfoMessage(name, type, dims))
  }

  build(): BuiltGraph {
    return { model: this.message().finish(), weights: this.weights }
  }

  /** The ONNX file in parts, of a graph that keeps its weights inside: those are not copied. */
  buildInParts(): readonly Uint8Array[] {
    if (this.weights.length > 0) throw new Error('This graph keeps its weights outside')
    return this.message().parts()
  }

  private message(): MessageWriter {
    const graph = new MessageWriter()
    for (const node of this.nodes) graph.message(1, node)
    graph.text(2, 'smallcap')
    for (const initializer of this.initializers) graph.message(5, initializer)
    for (const input of this.inputs) graph.message(11, input)
    for (const output of this.outputs) graph.message(12, output)
    return modelMessage(graph)
  }

  private addNode(
    operator: string,
    inputs: readonly Value[],
    outputs: readonly string[],
    { domain, attributes = {} }: NodeOptions,
  ): void {
    this.nodes.push(
      nodeMessage({
        operator,
        domain: domain ?? '',
        inputs: inputs.map((input) => input.name),
        outputs,
        attributes,
      }),
    )
  }

  private fresh(stem: string): string {
    this.counter += 1
    return `${stem}_${String(this.counter)}`
  }
}
