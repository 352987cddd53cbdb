import type { Task } from '../../../src/domain/task'
import { parseTaskFile } from '../../../workers/formats/task-file'

/** Fetches a file of a model folder. */
export async function readFile(models: URL, model: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(`${model}/${path}`, models))
  if (!response.ok) throw new Error(`${model}/${path}: the server answered ${String(response.status)}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** The task that a model was trained for: all contestants are asked in its words. */
export async function readTask(models: URL, model: string): Promise<Task> {
  return parseTaskFile(await readFile(models, model, 'task.json'), 'task.json').task
}
