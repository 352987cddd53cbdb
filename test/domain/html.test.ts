import { describe, expect, it } from 'vitest'
import { escapeHtml, html } from '../../src/domain/html'

describe('HTML of a template', () => {
  it('escapes what is filled in, between tags and in attributes, and nothing twice', () => {
    const hostile = `<script>alert('1')</script> & "2"`
    const escaped = '&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;2&quot;'
    expect(escapeHtml(hostile)).toBe(escaped)
    const cell = html`<td title="${hostile}">${hostile}</td>`
    const row = html`<tr>
      ${[cell, [cell]]}${undefined}${3}
    </tr>`
      .toString()
      .replace(/\s*\n\s*/g, '')
    expect(row).toBe(`<tr>${`<td title="${escaped}">${escaped}</td>`.repeat(2)}3</tr>`)
  })

  it('lets no character through that turns or hides what stands behind it', () => {
    expect(escapeHtml('a\u0000b\u001Bc\u0085d\u202Ee\u2067f\tg')).toBe('a\uFFFDb\uFFFDc\uFFFDdef\tg')
  })
})
