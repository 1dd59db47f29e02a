import t from 'tap'
import { nearest, unknownWord } from '../../lib/model/nearest.js'

t.test('a misspelled word leads to the one that was meant', async (t) => {
  t.equal(nearest('stgi', ['all', 'stig', 'cis']), 'stig')
  t.equal(nearest('strce', ['strace', 'ltrace']), 'strace')
  t.equal(nearest('uncle', ['child', 'parent']), null)
  t.equal(nearest('x', []), null)
})

t.test('a word that is like none leads to the list of all', async (t) => {
  t.equal(unknownWord('tool', 'gbd', ['gdb', 'dlv']), "unknown tool 'gbd'. Did you mean 'gdb'?")
  t.equal(
    unknownWord('tool', 'x\u001b', ['gdb', 'dlv'], ' here'),
    "unknown tool 'x?' here, expected one of gdb, dlv",
  )
})
