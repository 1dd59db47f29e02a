import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { render } from '../../lib/format/report.js'
import type { Report } from '../../lib/model/index.js'
import { needs } from '../helpers/needs.js'
import { plainEnvironment, root } from '../helpers/node.js'

const picture = join(root, 'docs/report.svg')
const report: Report = JSON.parse(readFileSync(join(root, 'docs/report.json'), 'utf8'))

t.test('the picture shows what the command prints today for the report beside it', async (t) => {
  const fresh = join(t.testdir(), 'report.svg')
  execFileSync(process.execPath, [join(root, 'scripts/picture.mjs'), fresh], {
    env: plainEnvironment(),
  })
  t.equal(readFileSync(picture, 'utf8'), readFileSync(fresh, 'utf8'), 'npm run picture')
})

t.test('the picture has every word of the report', async (t) => {
  const text = render(report, { color: false, unicode: true, columns: 80 })
  const shown = [...readFileSync(picture, 'utf8').matchAll(/<text [^>]*>([^<]*)</g)]
    .map(([, words = '']) => words.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code)))
    .join(' ')
  t.equal(shown, text.replace(/\s+/g, ' ').trim())
})

t.test('the picture is well-formed XML', needs.program('python3'), async (t) => {
  const program = 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])'
  t.equal(spawnSync('python3', ['-c', program, picture], { encoding: 'utf8' }).stderr, '')
})
