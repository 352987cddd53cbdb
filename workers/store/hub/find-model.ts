import * as v from 'valibot'
import type { FileHash, PublishedFile } from '../../../src/store/contract'
import { StoreFailure } from '../store-failure'
import {
  FIRST_TREE_PAGE,
  infoAddress,
  nextPage,
  treeAddress,
  type HubOrigin,
  type HubRepository,
} from './facts'
import { ask } from './network'
import { Patience, type AskOptions } from './patience'

/** A page has 1,000 files; a repository with more of them than this is no model. */
const MAX_PAGES = 20

const infoSchema = v.object({
  id: v.optional(v.string()),
  sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
  tags: v.optional(v.array(v.string()), []),
  cardData: v.nullish(v.object({ license: v.optional(v.unknown()) })),
  safetensors: v.nullish(v.object({ total: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))) })),
})

const oid = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/))
const sizeBytes = v.pipe(v.number(), v.integer(), v.minValue(0))
const treeSchema = v.array(
  v.object({
    type: v.string(),
    path: v.string(),
    size: v.optional(sizeBytes, 0),
    oid: v.optional(oid),
    lfs: v.nullish(v.object({ oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), size: sizeBytes })),
  }),
)

export interface FoundModel {
  readonly origin: HubOrigin
  readonly name: string
  readonly licence?: string
  readonly parameters?: number
  readonly files: readonly PublishedFile[]
}

/** Asks a hub which commit a revision is and which files it has. @throws StoreFailure */
export async function findModel(repository: HubRepository, options: AskOptions): Promise<FoundModel> {
  const name = `${repository.repository} at ${repository.revision}`
  const info = await json(infoSchema, infoAddress(repository), name, options)
  const origin: HubOrigin = { ...repository, kind: 'hub', commit: info.body.sha }
  const files: PublishedFile[] = []
  let page: string | undefined = FIRST_TREE_PAGE
  for (let pages = 0; page !== undefined; pages += 1) {
    if (pages === MAX_PAGES)
      throw new StoreFailure('not-a-model', `${name} has more files than any model has.`)
    const tree: Awaited<ReturnType<typeof json<typeof treeSchema>>> = await json(
      treeSchema,
      treeAddress(origin, page),
      `The list of files of ${name}`,
      options,
    )
    for (const { type, path, size, oid, lfs } of tree.body)
      if (type === 'file' && isPlain(path))
        files.push({ path, sizeBytes: lfs?.size ?? size, ...hashOf(lfs?.oid, oid) })
    page = nextPage(tree.headers.get('Link'))
  }
  const { cardData, tags, safetensors } = info.body
  const licence =
    typeof cardData?.license === 'string'
      ? cardData.license
      : tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length)
  return {
    origin,
    name: info.body.id ?? repository.repository,
    ...(licence !== undefined && { licence }),
    ...(safetensors?.total !== undefined && { parameters: safetensors.total }),
    files,
  }
}

/** Paths become keys and names of files: nothing in them may lead elsewhere. */
const isPlain = (path: string): boolean =>
  path.split('/').every((part) => part !== '' && !/^\.{1,2}$/.test(part))

const hashOf = (sha256: string | undefined, git: string | undefined): { readonly hash?: FileHash } => {
  if (sha256 !== undefined) return { hash: { kind: 'sha256', hex: sha256 } }
  return git === undefined ? {} : { hash: { kind: 'git', hex: git } }
}

async function json<T extends v.GenericSchema>(
  schema: T,
  address: string,
  what: string,
  options: AskOptions,
): Promise<{ readonly body: v.InferOutput<T>; readonly headers: Headers }> {
  const { network, signal } = options
  const patience = new Patience(options)
  for (;;)
    try {
      const response = await ask(network, address, what, { signal })
      const body: unknown = await response.json().catch(() => undefined)
      const parsed = v.safeParse(schema, body)
      if (parsed.success) return { body: parsed.output, headers: response.headers }
      throw new StoreFailure(
        'hub',
        `${new URL(address).host} does not answer as a hub does. Check its address.`,
      )
    } catch (error) {
      await patience.after(error)
    }
}
