/** What two texts have in common when they are the same but for letter case and spacing. */
export function textKey(text: string): string {
  // Upper case first: it unfolds letters such as ß that lower case alone leaves apart.
  return text.trim().replace(/\s+/g, ' ').toUpperCase().toLowerCase()
}
