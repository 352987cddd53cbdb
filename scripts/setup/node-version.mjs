/** Says whether this Node can run the project, before anything newer than ES modules is loaded. */
import { readFileSync } from 'node:fs'

/**
 * Whether `version` lies in `range`; only the two forms of our package.json: `^a.b.c` and `>=a.b.c`, joined by `||`.
 * @param {string} version e.g. `20.19.1`
 * @param {string} range e.g. `^20.19.0 || >=22.12.0`
 * @returns {boolean}
 */
export function isInRange(version, range) {
  const actual = numbers(version)
  return range.split('||').some((part) => {
    const bound = part.trim()
    const least = numbers(bound)
    const isLate = compare(actual, least) >= 0
    if (bound.startsWith('>=')) return isLate
    if (bound.startsWith('^')) return isLate && actual[0] === least[0]
    throw new Error(`Unknown form of version range: ${bound}`)
  })
}

/**
 * The sentence to stop with when this Node is too old, else undefined.
 * @param {string} version
 * @param {string} range
 * @returns {string | undefined}
 */
export function nodeComplaint(version, range) {
  if (isInRange(version, range)) return undefined
  const wanted = range.replace(/\^((\d+)[\d.]*)/g, '$1 or a later $2').replace(/>=([\d.]+)/g, '$1 or later')
  const alternatives = wanted.replace(/ *\|\| */g, ', or ')
  return `Smallcap needs Node ${alternatives}; this is Node ${version}. Get one from https://nodejs.org and run this again.`
}

/**
 * {@link nodeComplaint} of the running Node against package.json.
 * @returns {string | undefined}
 */
export function complaintAboutThisNode() {
  /** @type {{ engines: { node: string } }} */
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return nodeComplaint(process.versions.node, engines.node)
}

/** @param {string} version */
const numbers = (version) => {
  const match = /(\d+)\.(\d+)\.(\d+)/.exec(version)
  if (!match) throw new Error(`Not a version: ${version}`)
  return match.slice(1).map(Number)
}

/**
 * @param {number[]} a
 * @param {number[]} b
 * @returns {number}
 */
const compare = (a, b) => {
  const at = a.findIndex((part, index) => part !== b[index])
  return (a[at] ?? 0) - (b[at] ?? 0)
}
