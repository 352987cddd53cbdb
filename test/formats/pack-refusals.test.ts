import { describe, expect, it } from 'vitest'
import { PackStream } from '../../workers/formats/pack-stream'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { writeSafetensors, type TensorToWrite } from '../../workers/formats/safetensors-writer'
import type { Json } from '../../workers/formats/stream-transform'
import { joined } from '../support/joined'
import { bytesByName, FILE, inPieces, optionsOf } from './pack-in-pieces'
import { tinyFile, tinyModel } from './tiny-model'

describe('PackStream refuses', () => {
  const { config } = tinyModel('gated-untied')
  const valid = tinyFile(`gated-untied/${FILE}`)
  const Q = 'encoder.block.0.layer.0.SelfAttention.q.weight'
  const edited = (change: (tensor: TensorToWrite) => TensorToWrite | undefined) =>
    writeSafetensors(
      [...parseSafetensors(valid, FILE).tensors.values()].flatMap(
        (tensor) => change({ ...tensor, data: tensor.bytes }) ?? [],
      ),
    )
  const pack = (source: Uint8Array) => () => inPieces({ config, file: FILE }, source, [])

  it('a source that ends early, with what it should have', () => {
    expect(pack(valid.subarray(0, -1))).toThrow(`${FILE}: size: expected ${valid.byteLength} bytes`)
    expect(pack(valid.subarray(0, 100))).toThrow('a whole header')
    expect(pack(valid.subarray(0, 3))).toThrow('a whole header')
  })

  it('a source that goes on', () => {
    expect(pack(joined([valid, Uint8Array.of(0)]))).toThrow('found more')
  })

  it('a model without one of its tensors, before it packs anything', () => {
    const source = edited((tensor) => (tensor.name === Q ? undefined : tensor))
    expect(() => new PackStream({ config, file: FILE }).push(source.subarray(0, 20_000))).toThrow(Q)
  })

  it('but a shard may lack tensors', () => {
    const source = edited((tensor) => (tensor.name === Q ? tensor : undefined))
    const shard = inPieces({ config, file: FILE, isShard: true }, source, [])
    expect([...bytesByName(shard).keys()]).toEqual([Q, `${Q}.scale`])
  })

  it('another shape', () => {
    const source = edited((tensor) =>
      tensor.name === Q ? { ...tensor, shape: [...tensor.shape].reverse() } : tensor,
    )
    expect(pack(source)).toThrow(/q\.weight.*expected shape/)
  })

  it('weights that are quantised already', () => {
    const source = edited((tensor) =>
      tensor.name === Q
        ? { ...tensor, dtype: 'I8', data: new Int8Array(tensor.shape.reduce((a, b) => a * b)) }
        : tensor,
    )
    expect(pack(source)).toThrow('expected dtype F32, F16 or BF16, found I8')
  })

  it.each([Q, 'shared.weight', 'decoder.final_layer_norm.weight'])(
    'values of %s that are not finite',
    (name) => {
      const source = edited((tensor) =>
        tensor.name === name
          ? { ...tensor, data: new Float32Array(tensor.data.byteLength / 4).fill(NaN) }
          : tensor,
      )
      expect(pack(source)).toThrow(`${FILE}: tensor "${name}": expected finite values`)
    },
  )

  it('a checkpoint of something else', () => {
    const resume = (state: Json) => () => new PackStream({ config, file: FILE }, state)
    const message = 'checkpoint: expected one that was made for this model; start the conversion again'
    expect(resume({ tensor: 1 })).toThrow(message)
    expect(new PackStream({ config, file: FILE }).checkpoint().state).toBeNull()
    const begun = new PackStream({ config, file: FILE })
    begun.push(valid.subarray(0, 20_000))
    const { state } = begun.checkpoint()
    expect(resume(state)).not.toThrow()
    expect(resume({ ...(state as object), tensor: 1_000 })).toThrow(message)
    expect(resume({ ...(state as object), taken: 2 ** 40 })).toThrow(message)
    expect(() => new PackStream({ ...optionsOf('relu-tied') }, state)).toThrow('expected')
  })
})
