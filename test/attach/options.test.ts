import t from 'tap'
import { checkAttachOptions, checkPid } from '../../lib/attach/options.js'
import { checkSettingsOptions } from '../../lib/settings/options.js'

t.test('without options the caller itself is the tracer, with ten seconds', async (t) => {
  t.strictSame(checkAttachOptions(), {
    tracer: 'self',
    method: 'attach',
    timeoutMs: 10_000,
    signal: undefined,
  })
})

t.test('a tracer is named as verdicts name it; a user may also be an object', async (t) => {
  const names = ['self', 'child', 'stranger', 'user:alice', 'pid:77', 'program:/usr/bin/gdb']
  for (const tracer of names) t.equal(checkAttachOptions({ tracer }).tracer, tracer)
  t.equal(checkAttachOptions({ tracer: { user: 'alice' } }).tracer, 'user:alice')
  const wrong = ['parent', 'user:', 'pid:0', 'pid:x', 'pid:9999999999', 'program:gdb', 'user:a\0b']
  for (const tracer of wrong) {
    t.throws(() => checkAttachOptions({ tracer }), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: /`tracer` option/,
    })
  }
  for (const tracer of [null, 7, {}, { user: '' }, { user: 1000 }, { user: 'a\0b' }]) {
    t.throws(() => checkAttachOptions({ tracer }), {
      code: 'ERR_INVALID_ARG_TYPE',
      message: /`tracer` option/,
    })
  }
})

t.test('a method is a call of the tracer; traceme is one of the target', async (t) => {
  t.equal(checkAttachOptions({ method: 'seize' }).method, 'seize')
  t.throws(() => checkAttachOptions({ method: 'traceme' }), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: /PTRACE_TRACEME is what a process does for its own parent/,
  })
  t.throws(() => checkAttachOptions({ method: 7 }), { code: 'ERR_INVALID_ARG_TYPE' })
})

t.test('a process id is an integer that Linux can give', async (t) => {
  t.equal(checkPid(1), 1)
  t.equal(checkPid(4_194_304), 4_194_304)
  for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 31]) {
    t.throws(() => checkPid(pid), { code: 'ERR_OUT_OF_RANGE' })
  }
  for (const pid of ['1', null, undefined, 1n]) {
    t.throws(() => checkPid(pid), { code: 'ERR_INVALID_ARG_TYPE' })
  }
})

t.test('a root is the path of a directory', async (t) => {
  t.strictSame(checkSettingsOptions(), { root: '/', signal: undefined })
  t.strictSame(checkSettingsOptions({ root: '/image' }), { root: '/image', signal: undefined })
  for (const root of ['', '/a\0b']) {
    t.throws(() => checkSettingsOptions({ root }), { code: 'ERR_INVALID_ARG_VALUE' })
  }
  t.throws(() => checkSettingsOptions({ root: 7 }), { code: 'ERR_INVALID_ARG_TYPE' })
})

t.test('an option that does not exist is refused, with the names that do', async (t) => {
  t.throws(() => checkAttachOptions({ pid: 1 }), {
    message: /`pid`: expected tracer or method or timeoutMs/,
  })
  t.throws(() => checkSettingsOptions({ path: '/' }), { message: /`path`: expected root/ })
})
