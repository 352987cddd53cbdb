/**
 * A project as one file: JSON with one record per line, compressed by gzip.
 *
 * ```
 * {"format":"smallcap-project","version":1,"head":{…},"records":[
 * ["text",{…}]
 * ,["results",{…}]
 * ],"sha256":"…"}
 * ```
 *
 * The hash is that of the last line before it: of a line's bytes (UTF-8, without its end) behind the hash of the line
 * before, so that no line can be lost, moved or changed unseen. Records are as `record-json.ts` writes them.
 */
import * as v from 'valibot'
import type { ProjectHead } from '../domain/project'
import { projectHeadSchema } from './project-record'
import { schemaOf } from './project-records'
import { recordFromJson, recordToJson } from './record-json'

export const FORMAT = 'smallcap-project'
export const VERSION = 1

/** Longer lines than any page writes: a file that has one is not ours, and is not to fill the memory. */
const LINE_CHARACTERS = 2 ** 28

/** The file cannot be restored; the message is a sentence that says why and where. */
export class ProjectFileError extends Error {
  override readonly name = 'ProjectFileError'
}

export interface ProjectRecord {
  /** Without the project's prefix. */
  readonly key: string
  readonly value: unknown
}

class Chain {
  #hash = new Uint8Array()

  async add(line: string): Promise<void> {
    const bytes = new TextEncoder().encode(line)
    const both = new Uint8Array(this.#hash.length + bytes.length)
    both.set(this.#hash)
    both.set(bytes, this.#hash.length)
    this.#hash = new Uint8Array(await crypto.subtle.digest('SHA-256', both))
  }

  get hex(): string {
    return Array.from(this.#hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}

/**
 * The file of a project, compressed. `onLeftOut` is told of records that this page cannot read and so does not hand on.
 * Rejects where reading the records does.
 */
export function writeProjectFile(
  head: ProjectHead,
  records: AsyncIterable<ProjectRecord>,
  onLeftOut: (key: string) => void = () => undefined,
): Promise<Blob> {
  const lines = fileLines(head, readable(records, onLeftOut))
  const text = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const next = await lines.next()
      if (next.done) controller.close()
      else controller.enqueue(new TextEncoder().encode(`${next.value}\n`))
    },
  })
  return new Response(text.pipeThrough(new CompressionStream('gzip'))).blob()
}

async function* readable(
  records: AsyncIterable<ProjectRecord>,
  onLeftOut: (key: string) => void,
): AsyncGenerator<ProjectRecord> {
  for await (const record of records) {
    const schema = schemaOf(record.key)
    if (schema && v.is(schema, record.value)) yield record
    else onLeftOut(record.key)
  }
}

async function* fileLines(
  head: ProjectHead,
  records: AsyncIterable<ProjectRecord>,
): AsyncGenerator<string, void> {
  const chain = new Chain()
  const first = `{"format":"${FORMAT}","version":${VERSION},"head":${JSON.stringify(head)},"records":[`
  await chain.add(first)
  yield first
  let comma = ''
  for await (const { key, value } of records) {
    const line = `${comma}[${JSON.stringify(key)},${recordToJson(value)}]`
    await chain.add(line)
    yield line
    comma = ','
  }
  yield `],"sha256":"${chain.hex}"}`
}

export interface OpenedProjectFile {
  readonly head: ProjectHead
  /** Every record, checked by its schema, then the hash: throws a {@link ProjectFileError}, at the end too. */
  readonly records: AsyncIterable<ProjectRecord>
}

/**
 * Opens a file of a project, compressed or not. `onBytes` is told how many bytes of the file were read so far.
 * @throws ProjectFileError
 */
export async function openProjectFile(
  file: Blob,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<OpenedProjectFile> {
  const lines = linesOf(await textOf(file, onBytes))
  const first = await lines.next()
  if (first.done) throw new ProjectFileError('The file is empty.')
  const head = headOf(first.value)
  return { head, records: recordsOf(first.value, lines) }
}

const shapeSchema = v.object({ format: v.literal(FORMAT), version: v.number(), head: v.unknown() })

function headOf(line: string): ProjectHead {
  const shape = v.safeParse(shapeSchema, parsed(`${line}]}`))
  if (!shape.success)
    throw new ProjectFileError('This is no file of a Smallcap project: its first line does not say so.')
  const { version } = shape.output
  if (version > VERSION)
    throw new ProjectFileError(
      `The file is of version ${version}, and this page reads version ${VERSION}: open it with a newer page.`,
    )
  const head = v.safeParse(projectHeadSchema, shape.output.head)
  if (!head.success) throw new ProjectFileError('Line 1 does not describe a project as this page knows them.')
  return head.output
}

const entrySchema = v.tuple([v.string(), v.unknown()])
const endSchema = v.object({ sha256: v.string() })

async function* recordsOf(first: string, lines: AsyncGenerator<string>): AsyncGenerator<ProjectRecord> {
  const chain = new Chain()
  await chain.add(first)
  const seen = new Set<string>()
  let number = 1
  for await (const line of lines) {
    number += 1
    if (line.startsWith(']')) {
      const end = v.safeParse(endSchema, parsed(`{${line.slice(2)}`))
      if (!end.success) throw new ProjectFileError(`Line ${number} is not the end of a project’s file.`)
      if (end.output.sha256 !== chain.hex)
        throw new ProjectFileError(
          'The file’s hash does not fit what is in it: it was changed or damaged after it was made.',
        )
      return
    }
    await chain.add(line)
    const record = recordOf(line, number)
    if (seen.has(record.key))
      throw new ProjectFileError(`Line ${number} holds the record “${record.key}” a second time.`)
    seen.add(record.key)
    yield record
  }
  throw new ProjectFileError(`The file ends after line ${number}, before its end: it was cut off.`)
}

function recordOf(line: string, number: number): ProjectRecord {
  let entry: unknown
  try {
    entry = recordFromJson(line.startsWith(',') ? line.slice(1) : line)
  } catch {
    throw new ProjectFileError(`Line ${number} is damaged: it is not written as a record.`)
  }
  const pair = v.safeParse(entrySchema, entry)
  if (!pair.success) throw new ProjectFileError(`Line ${number} is damaged: it is not written as a record.`)
  const [key, value] = pair.output
  const schema = schemaOf(key)
  if (!schema) throw new ProjectFileError(`Line ${number} holds a record that no project has: “${key}”.`)
  if (!v.is(schema, value))
    throw new ProjectFileError(`Line ${number}: the record “${key}” is not as this page writes it.`)
  return { key, value }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const GZIP = [0x1f, 0x8b] as const

async function textOf(file: Blob, onBytes: (bytes: number) => void): Promise<ReadableStream<string>> {
  let bytes = 0
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, controller) {
      bytes += piece.byteLength
      onBytes(bytes)
      controller.enqueue(piece)
    },
  })
  const begin = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer())
  const isCompressed = GZIP.every((byte, place) => begin[place] === byte)
  const whole = file.stream().pipeThrough(counted)
  return (isCompressed ? whole.pipeThrough(new DecompressionStream('gzip')) : whole).pipeThrough(
    new TextDecoderStream('utf-8', { fatal: true }),
  )
}

async function* linesOf(text: ReadableStream<string>): AsyncGenerator<string> {
  const reader = text.getReader()
  let number = 0
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const pieces = (rest + value).split('\n')
      rest = pieces.pop() ?? ''
      if (rest.length > LINE_CHARACTERS)
        throw new ProjectFileError(`Line ${number + pieces.length + 1} is longer than any this page writes.`)
      for (const line of pieces) {
        number += 1
        yield line.endsWith('\r') ? line.slice(0, -1) : line
      }
    }
  } catch (error) {
    if (error instanceof ProjectFileError) throw error
    throw new ProjectFileError(
      `The file cannot be read beyond line ${number}: it is damaged, cut off, or not a project’s.`,
    )
  } finally {
    await reader.cancel().catch(() => undefined)
  }
  if (rest !== '') yield rest
}
