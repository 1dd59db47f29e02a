import t from 'tap'
import { link, type Markup, markup } from '../../../lib/format/html/markup.js'

t.test('text from outside becomes neither an element nor an attribute', async (t) => {
  const text = `</title><script>"'&\u001b[31m\u202e\ud800`
  t.equal(
    String(markup`<b title="${text}">${text}</b>`),
    '<b title="&#60;/title&#62;&#60;script&#62;&#34;&#39;&#38;?[31m??">' +
      '&#60;/title&#62;&#60;script&#62;&#34;&#39;&#38;?[31m??</b>',
  )
})

t.test('markup stays markup, and lists are joined', async (t) => {
  const items = ['a', '<'].map((each) => markup`<li>${each}</li>`)
  t.equal(String(markup`<ol>${items}${null}${7}</ol>`), '<ol><li>a</li><li>&#60;</li>7</ol>')
})

t.test('the compiler takes no text for markup', async (t) => {
  // @ts-expect-error: a string is no Markup
  const wrong: Markup = '<script>'
  t.type(wrong, 'string')
})

t.test('only an address of the web becomes a link', async (t) => {
  t.match(String(link('https://example.org/a"b', 'a')), /^<a href="https:\/\/example.org\/a&#34;b"/)
  for (const address of ['javascript:alert(1)', 'http://example.org', '#x', null]) {
    t.equal(String(link(address, 'a<')), 'a&#60;')
  }
})
