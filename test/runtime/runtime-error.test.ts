import { expect, it } from 'vitest'
import { RuntimeError } from '../../workers/runtime/runtime-error'

const place = '/mnt/build/_work/1/s/onnxruntime'

it.each([
  [
    'a check inside an operator',
    `failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: Non-zero status code returned while running MatMul node. Name:'MatMul_7' Status Message: ${place}/core/providers/cpu/math/matmul_helper.h:61 Status onnxruntime::MatMulComputeHelper::Compute(const TensorShape &, bool) left_dim == right_dim was false. MatMul dimension mismatch\n`,
    'MatMul dimension mismatch',
  ],
  [
    'a device that is not given',
    `Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: ${place}/core/providers/webgpu/webgpu_context.cc:75 void onnxruntime::webgpu::WebGpuContext::Initialize(const WebGpuContextConfig &) adapter_ != nullptr was false. Failed to get a WebGPU adapter.\n`,
    'Failed to get a WebGPU adapter',
  ],
  [
    'an operator that does not exist',
    "Can't create a session. ERROR_CODE: 10, ERROR_MESSAGE: Load model failed: Fatal error: NoSuchOperator is not a registered function/op",
    'Load model failed: Fatal error: NoSuchOperator is not a registered function/op',
  ],
  [
    'a shader that was not made',
    'failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: [ONNXRuntimeError] : 1 : FAIL : No cached or pending pipeline for deferred dispatch: Transpose',
    'No cached or pending pipeline for deferred dispatch: Transpose',
  ],
  ['a place with backslashes', 'C:\\a\\_work\\1\\s\\core\\graph.cc:12 out of range', 'out of range'],
  ['an exception without words', '6834520', 'it gave no reason'],
  ['nothing', '', 'it gave no reason'],
])('%s is told in one clause', (_, told, clause) => {
  expect(new RuntimeError('run', new Error(told)).message).toBe(
    `ONNX Runtime could not run the graph: ${clause}`,
  )
})

it('a clause is not endless', () => {
  const { message } = new RuntimeError('compile', `too much ${'and more '.repeat(500)}`)
  expect(message.length).toBeLessThan(220)
  expect(message).toMatch(/^ONNX Runtime could not compile the graph: too much and more .*…$/)
})

it.each([
  ["Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc", true],
  [
    `ERROR_MESSAGE: ${place}/core/providers/webgpu/buffer_manager.cc:9 Failed to create GPU buffer: size=9`,
    true,
  ],
  ['WebGPU device error(OutOfMemory): ...', true],
  ['MatMul dimension mismatch', false],
])('%s: out of memory %s', (told, isOutOfMemory) => {
  expect(new RuntimeError('run', told)).toMatchObject({ isOutOfMemory })
})
