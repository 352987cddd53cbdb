/** A chart as a file of its own. */
import { saveBlob } from '../save-blob'

/** Properties that the page's style sheet gives the parts of a chart. */
const LOOKS = [
  ...['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'paint-order'],
  ...['font-family', 'font-size', 'font-weight', 'text-anchor'],
] as const
/** Pixels of the picture for one of the chart. */
const SCALE = 2

/** Colours as red, green and blue, which every program that draws SVG knows. */
function plainColours(): (colour: string) => string {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return (colour) => {
    if (!context || !/^(?:oklch|oklab|color)\(/.test(colour)) return colour
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = colour
    context.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data
    return `rgba(${red},${green},${blue},${alpha / 255})`
  }
}

/** The chart without the page: what its style sheet says stands in each part, on the page's background. */
function standalone(chart: SVGSVGElement): { text: string; width: number; height: number } {
  const copy = chart.cloneNode(true)
  if (!(copy instanceof SVGSVGElement)) throw new TypeError('A chart is an SVG element.')
  const plain = plainColours()
  const originals = [chart, ...chart.querySelectorAll('*')]
  for (const [place, part] of [copy, ...copy.querySelectorAll('*')].entries()) {
    const original = originals[place]
    if (!original) continue
    const style = getComputedStyle(original)
    part.removeAttribute('class')
    for (const look of LOOKS) part.setAttribute(look, plain(style.getPropertyValue(look)))
  }
  const { width, height } = chart.viewBox.baseVal
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  ground.setAttribute('width', '100%')
  ground.setAttribute('height', '100%')
  ground.setAttribute('fill', plain(getComputedStyle(document.documentElement).backgroundColor))
  copy.prepend(ground)
  return { text: new XMLSerializer().serializeToString(copy), width, height }
}

export function saveSvg(chart: SVGSVGElement, name: string): void {
  saveBlob(new Blob([standalone(chart).text], { type: 'image/svg+xml' }), `${name}.svg`)
}

/** Rejects where the browser cannot draw it. */
export async function savePng(chart: SVGSVGElement, name: string): Promise<void> {
  const { text, width, height } = standalone(chart)
  const image = new Image()
  // The page's policy lets it show images from itself and such addresses alone.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = width * SCALE
  canvas.height = height * SCALE
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve))
  if (blob) saveBlob(blob, `${name}.png`)
}
