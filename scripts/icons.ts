/** `npx tsx scripts/icons.ts`: draws the icons of an installed page in `public/icons` from `public/favicon.svg`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from './bench/chromium'

const folder = fileURLToPath(new URL('../public', import.meta.url))
const drawing = await readFile(`${folder}/favicon.svg`, 'utf8')

/** Systems cut a maskable icon to their own shape: paper to the edges, all marks within the middle four fifths. */
const maskable = drawing
  .replace(' rx="7"', '')
  .replace(
    /(<rect x="6"[\s\S]*)<\/svg>/,
    '<g transform="translate(16 16) scale(0.78) translate(-16 -16)">$1</g></svg>',
  )

const icons = [
  { name: '192', sizePx: 192, svg: drawing },
  { name: '512', sizePx: 512, svg: drawing },
  { name: 'maskable-512', sizePx: 512, svg: maskable },
]

await mkdir(`${folder}/icons`, { recursive: true })
const browser = await launchBrowser()
try {
  for (const { name, sizePx, svg } of icons) {
    const page = await browser.newPage({ viewport: { width: sizePx, height: sizePx } })
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${svg}`)
    await writeFile(`${folder}/icons/${name}.png`, await page.screenshot({ omitBackground: true }))
    await page.close()
  }
} finally {
  await browser.close()
}
