/** What the page tells the service worker. */
export type OfflineMessage =
  /** Keep what was not needed to show the page, the runtime for the graphics device too where that is used; let old versions go. */
  | { readonly kind: 'fill'; readonly needsGpu: boolean }
  /** A person asked for the new version: take the place of the one at work. */
  | { readonly kind: 'take-over' }

/** What a page sent, perhaps one of another version; undefined where it makes no sense. */
export function readMessage(sent: unknown): OfflineMessage | undefined {
  if (typeof sent !== 'object' || sent === null || !('kind' in sent)) return undefined
  if (sent.kind === 'take-over') return { kind: 'take-over' }
  if (sent.kind === 'fill') return { kind: 'fill', needsGpu: 'needsGpu' in sent && sent.needsGpu === true }
  return undefined
}

/** Begins the names of the locks that open pages hold; the address of the page's own script follows. */
export const PAGE_LOCK = 'smallcap page '
