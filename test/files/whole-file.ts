import type {
  Choice,
  FileError,
  FilePreview,
  FileRow,
  ReadingOverrides,
  ReadSummary,
} from '../../src/files/contract'
import { FINANCE_TASK } from '../domain/finance-task'
import { connect } from './channel'

const { labels } = FINANCE_TASK

export interface WholeFile {
  readonly preview: FilePreview
  readonly rows: readonly FileRow[]
  readonly summary: ReadSummary
}

type Content = string | Uint8Array<ArrayBuffer> | ArrayBuffer

/** Opens a file over a channel and reads it as the preview proposes, with changes; throws what goes wrong. */
export async function readWhole(
  name: string,
  content: Content | readonly Content[],
  { overrides, choice }: { readonly overrides?: ReadingOverrides; readonly choice?: Partial<Choice> } = {},
): Promise<WholeFile> {
  const { client } = connect()
  const parts = typeof content === 'string' || content instanceof ArrayBuffer || ArrayBuffer.isView(content)
  const file = new File(parts ? [content] : [...content], name)
  try {
    const opened = await client.open(file, overrides ? { labels, overrides } : { labels })
    if (!opened.ok) throw new Refused(opened.error)
    const preview = opened.value
    const rows: FileRow[] = []
    const summary = await client.read(
      file,
      { reading: preview.reading, choice: { ...preview.choice, ...choice } },
      { onRows: (page) => void rows.push(...page) },
    )
    if (!summary.ok) throw new Refused(summary.error)
    return { preview, rows, summary: summary.value }
  } finally {
    client.close()
  }
}

class Refused extends Error {
  constructor(readonly said: FileError) {
    super(said.message)
  }
}

/** The error that a file is refused with, in either step. */
export async function refusal(...file: Parameters<typeof readWhole>): Promise<FileError> {
  try {
    await readWhole(...file)
  } catch (error) {
    if (error instanceof Refused) return error.said
    throw error
  }
  throw new Error('The file was read.')
}
