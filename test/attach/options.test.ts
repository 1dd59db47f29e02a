import t from 'tap'
import { checkAttachOptions, checkPid } from '../../lib/attach/options.js'
import { checkSettingsOptions } from '../../lib/settings/options.js'

t.test('without options the caller itself is the tracer, with ten seconds', async (t) => {
  t.strictSame(checkAttachOptions(), { tracer: 'self', timeoutMs: 10_000 })
})

t.test('a tracer is one of three words or a user with a name', async (t) => {
  for (const tracer of ['self', 'child', 'stranger', { user: 'alice' }]) {
    t.strictSame(checkAttachOptions({ tracer }).tracer, tracer)
  }
  for (const tracer of ['parent', 'user:alice']) {
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
  t.strictSame(checkSettingsOptions(), { root: '/' })
  t.strictSame(checkSettingsOptions({ root: '/image' }), { root: '/image' })
  for (const root of ['', '/a\0b']) {
    t.throws(() => checkSettingsOptions({ root }), { code: 'ERR_INVALID_ARG_VALUE' })
  }
  t.throws(() => checkSettingsOptions({ root: 7 }), { code: 'ERR_INVALID_ARG_TYPE' })
})

t.test('an option that does not exist is refused, with the names that do', async (t) => {
  t.throws(() => checkAttachOptions({ pid: 1 }), { message: /`pid`: expected tracer or timeoutMs/ })
  t.throws(() => checkSettingsOptions({ path: '/' }), { message: /`path`: expected root/ })
})
