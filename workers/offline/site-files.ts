/** Which files the site has, and when each is kept. */

/** A file of one version of the site, as the build lists it. */
export interface SiteFile {
  /** Path below the site, e.g. `assets/index-1a2b3c4d.js`. */
  readonly url: string
  /** `sha256-` and the hash of its bytes in base64. */
  readonly integrity: string
}

/** `at once`: the page itself. `idle`: what a prediction takes. `used`: what only some devices use. */
export type KeepTime = 'at once' | 'idle' | 'used'

export function keepTimeOf({ url }: SiteFile): KeepTime {
  if (/^ort\/.*\.(?:jspi|asyncify)\./.test(url)) return 'used'
  return /^(?:ort|models\/[^/]+)\//.test(url) ? 'idle' : 'at once'
}

const PAGE = 'index.html'

/** The address of a file on the site at `site`, which ends with a slash; that of the page is the site's own. */
export const addressOf = (site: string, { url }: SiteFile): string =>
  new URL(url === PAGE ? './' : url, site).href

/** The path below the site that an address asks for, whatever its query; undefined for addresses elsewhere. */
export function pathBelow(site: string, address: string): string | undefined {
  const { origin, pathname } = new URL(address)
  const asked = origin + pathname
  if (!asked.startsWith(site)) return undefined
  return asked.slice(site.length) || PAGE
}
