import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { decodeFloats } from '../../workers/formats/decode-tensor'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { writeSafetensors, type TensorToWrite } from '../../workers/formats/safetensors-writer'
import { tinyFile } from './tiny-model'

const TENSORS: readonly TensorToWrite[] = [
  { name: 'codes', dtype: 'I8', shape: [3], data: new Int8Array([-127, 0, 127]) },
  { name: 'b.weight', dtype: 'F32', shape: [2, 2], data: new Float32Array([1, -2, 0.5, 1e-30]) },
  { name: 'a.weight', dtype: 'F32', shape: [], data: new Float32Array([7]) },
  { name: 'empty', dtype: 'F16', shape: [0, 5], data: new Uint8Array() },
]

describe('writeSafetensors', () => {
  it('is read back with metadata, shapes and values', () => {
    const bytes = writeSafetensors(TENSORS, { format: 'pt', note: 'naïve "quotes" 🚀' })
    const { metadata, tensors } = parseSafetensors(bytes, 'a.safetensors')
    expect([...metadata]).toEqual([
      ['format', 'pt'],
      ['note', 'naïve "quotes" 🚀'],
    ])
    expect([...tensors.keys()]).toEqual(['a.weight', 'b.weight', 'empty', 'codes'])
    expect(tensors.get('b.weight')?.shape).toEqual([2, 2])
    expect(decodeFloats('F32', tensors.get('b.weight')?.bytes ?? new Uint8Array())).toEqual(TENSORS[1]?.data)
    expect([...(tensors.get('codes')?.bytes ?? [])]).toEqual([129, 0, 127])
    expect(tensors.get('a.weight')?.shape).toEqual([])
    expect(tensors.get('empty')?.bytes.byteLength).toBe(0)
  })

  it('gives the same bytes in whatever order the tensors come, with aligned data', () => {
    const bytes = writeSafetensors(TENSORS)
    expect(writeSafetensors([...TENSORS].reverse())).toEqual(bytes)
    for (const { dtype, bytes: data } of parseSafetensors(bytes, 'a').tensors.values())
      if (dtype === 'F32') expect(data.byteOffset % 4).toBe(0)
  })

  it('refuses data that do not fill the shape', () => {
    expect(() =>
      writeSafetensors([{ name: 'a', dtype: 'F32', shape: [3], data: new Float32Array(2) }]),
    ).toThrow('a takes 12 bytes as F32 [3], not 8')
  })
})

describe('parseSafetensors', () => {
  it('reads what the reference implementation wrote', () => {
    const { metadata, tensors } = parseSafetensors(
      tinyFile('gated-tied/model.safetensors'),
      'model.safetensors',
    )
    expect(metadata.get('format')).toBe('pt')
    expect(tensors.get('shared.weight')).toMatchObject({ dtype: 'F32', shape: [64, 18] })
  })

  it('gives views into the file, also in the middle of a buffer and from a Node buffer', () => {
    const file = writeSafetensors(TENSORS)
    const padded = Buffer.alloc(file.byteLength + 3)
    padded.set(file, 3)
    const { tensors } = parseSafetensors(padded.subarray(3), 'a.safetensors')
    const bytes = tensors.get('b.weight')?.bytes ?? new Uint8Array()
    expect(bytes.buffer).toBe(padded.buffer)
    expect(decodeFloats('F32', bytes)).toEqual(TENSORS[1]?.data)
  })

  it('keeps a tensor that is named like a method of objects', () => {
    const data = new Float32Array([1])
    const file = writeSafetensors([{ name: 'constructor', dtype: 'F32', shape: [1], data }])
    expect(parseSafetensors(file, 'a').tensors.get('constructor')?.shape).toEqual([1])
    expect(parseSafetensors(file, 'a').tensors.get('toString')).toBeUndefined()
  })
})
