import { File as NodeFile } from 'node:buffer'

/**
 * A file that Node can send through a MessageChannel, as it cannot send those of jsdom. Written in JavaScript because the
 * types of Node and of the browser name the same class differently.
 * @param {string} content
 * @param {string} name
 * @returns {File}
 */
export const nodeFile = (content, name) => new NodeFile([content], name)
