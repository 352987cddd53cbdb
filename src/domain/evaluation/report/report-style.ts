/** The style sheet of a report's page. A browser applies it by its hash alone, so what is in it is fixed. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1d2127, #e9eaec); --soft: light-dark(#555b64, #b0b5bd);
  --line: light-dark(#dcdee2, #41464e); --edge: light-dark(#8b919b, #767c86); --paper: light-dark(#fff, #1d2126);
  --accent: light-dark(#14664b, #73d3ad); --hit: light-dark(#14664b, #2f8f6d); --miss: light-dark(#c2410c, #c2571d) }
* { box-sizing: border-box }
body { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 0.9375rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif; overflow-wrap: anywhere }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.3 }
h2 { margin: 2.5rem 0 0.5rem; font-size: 1.125rem }
h3 { margin: 1.75rem 0 0.5rem; font-size: 1rem }
h4 { margin: 1rem 0 0.25rem; font-size: 0.875rem }
p { margin: 0.5rem 0; max-width: 46rem }
.soft { color: var(--soft) }
.small { font-size: 0.8125rem }
.scroll { overflow-x: auto }
table { border-collapse: collapse }
caption { color: var(--soft); font-size: 0.8125rem; text-align: start }
th, td { padding: 0.25rem 1rem 0.25rem 0; border-bottom: 1px solid var(--line); font-weight: 400; text-align: start;
  vertical-align: top; overflow-wrap: normal }
thead th { color: var(--soft); font-size: 0.8125rem; vertical-align: bottom }
tbody th { min-width: 9rem; max-width: 24rem; overflow-wrap: anywhere }
td.words { min-width: 8rem; overflow-wrap: anywhere }
td.verdict { min-width: 20rem }
td.shown { color: var(--accent) }
.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap }
thead .number { white-space: normal }
.number small { display: block; color: var(--soft) }
b { font-weight: 600 }
.baseline, .baseline th { color: var(--soft) }
.matrix td, .matrix th { min-width: 4rem; max-width: 12rem; padding: 0.25rem 0.75rem; border: 1px solid var(--line) }
${shades('hit')}
${shades('miss')}
.published { padding: 0.5rem 1rem 1rem; border: 1px dashed var(--edge); border-radius: 6px; font-style: italic }
.published h2 { margin-top: 0.5rem }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: 0.125rem 1rem; margin: 0.5rem 0 }
dt { color: var(--soft) }
dd { margin: 0; white-space: pre-wrap }
code { font: 0.8125rem ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre-wrap }
.charts { display: flex; flex-wrap: wrap; gap: 1.5rem }
figure { flex: 1 1 24rem; min-width: 0; margin: 0.5rem 0 }
figcaption { margin-bottom: 0.25rem }
svg { display: block; width: 100%; max-width: 40rem; height: auto }
svg text { fill: var(--soft); font-size: 13px }
svg .name { fill: var(--ink); font-weight: 600; stroke: var(--paper); stroke-width: 3px; paint-order: stroke }
svg .grid { stroke: var(--line) }
svg .interval { stroke: var(--accent); stroke-width: 2 }
svg circle { fill: var(--accent) }
svg .curve { fill: none; stroke: var(--accent); stroke-width: 2; opacity: 0.6 }
svg .front { fill: none; stroke: var(--accent); stroke-dasharray: 4 3 }
@media print { :root { color-scheme: light } body { max-width: none; padding: 0; font-size: 0.8125rem } .scroll { overflow: visible }
  table, figure, h2, h3, h4 { break-inside: avoid } h2, h3, h4 { break-after: avoid } .matrix td { print-color-adjust: exact } }
`

/** A cell's colour by its share of the largest, in tenths: attributes that hold styles would need a weaker policy. */
function shades(name: string): string {
  const shade = (tenths: number) =>
    `.${name}-${tenths} { background: color-mix(in oklab, var(--${name}) ${tenths * 4}%, var(--paper)) }`
  return Array.from({ length: 10 }, (_, place) => shade(place + 1)).join(' ')
}
