import { execFileSync } from 'node:child_process'
import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { abiMistakes } from '../../scripts/abi-check.mjs'
import { library, prebuilds, tool } from '../../scripts/targets.mjs'
import { root } from '../helpers/node.js'

for (const { arch, path } of prebuilds) {
  t.test(`any libc can load ${path}`, async (t) => {
    t.strictSame(abiMistakes(join(root, path), arch), [])
    t.ok(statSync(join(root, path)).size < 80_000)
  })
}

/** How a published binary is linked. */
const universal = ['-nostdlib', '-Wl,-z,now,-z,nodelete']

interface Mistaken {
  /** Declarations in C. */
  readonly c?: string
  /** A pointer that the binary computes. */
  readonly use?: string
  readonly flags?: readonly string[]
  readonly said: readonly string[]
}

const refused: Readonly<Record<string, Mistaken>> = {
  'names libraries that it needs, and versions of their symbols': {
    c: 'char* strerror(int);',
    use: 'strerror(1)',
    flags: ['-nostartfiles', '-Wl,-z,now,-z,nodelete'],
    said: ['it needs libc.so.6', 'strerror has the version GLIBC_2.2.5'],
  },
  'uses a symbol that came to glibc after 2.28': {
    c: 'long gettid(void);',
    use: 'gettid()',
    said: ['gettid is in glibc since 2.30 only'],
  },
  'uses a symbol that musl does not have': {
    c: 'void* __rawmemchr(void*, int);',
    use: '__rawmemchr(0, 1)',
    said: ['__rawmemchr is not in musl'],
  },
  'uses a symbol whose oldest version behaves otherwise': {
    c: 'char* realpath(char*, char*);',
    use: 'realpath("", 0)',
    said: ['realpath has several versions in glibc, and the oldest would be taken'],
  },
  'uses a function that the oldest Node does not have': {
    c: 'void* node_api_symbol_for(void);',
    use: 'node_api_symbol_for()',
    said: ['node_api_symbol_for is in neither Node-API 8 nor glibc'],
  },
  'exports more than Node-API looks for': { c: 'int more;', said: ['it exports more'] },
  'looks up its symbols late, and can be unloaded': {
    flags: ['-nostdlib'],
    said: ['it lacks the flag NOW', 'it lacks the flag NODELETE'],
  },
  'has an executable stack': {
    flags: [...universal, '-Wl,-z,execstack'],
    said: ['its stack is executable'],
  },
}

const directory = t.testdir({})

for (const [title, { c = '', use = '0', flags = universal, said }] of Object.entries(refused)) {
  t.test(`a binary is refused that ${title}`, async (t) => {
    const file = join(directory, 'bad.node')
    execFileSync(
      tool('x64', 'gcc'),
      ['-shared', '-fPIC', '-fno-builtin', '-O1', '-o', file, '-x', 'c', '-', ...flags],
      {
        input: `${c}
          void* napi_register_module_v1(void) { return (void*)${use}; }
          int node_api_module_get_api_version_v1(void) { return 8; }`,
      },
    )
    t.strictSame(abiMistakes(file, 'x64'), said)
  })
}

t.test('a binary is refused that is made for another machine', async (t) => {
  const [x64] = prebuilds
  t.match(abiMistakes(join(root, x64?.path ?? ''), 'arm64')[0], 'it is not made for arm64')
})

t.test('a binary is refused that Node-API cannot start', async (t) => {
  const file = join(directory, 'libc.so')
  copyFileSync(library('x64', 'libc.so.6'), file)
  const mistakes = abiMistakes(file, 'x64')
  t.ok(mistakes.includes('it lacks napi_register_module_v1'))
})
