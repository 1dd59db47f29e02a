// Does to Node what Electron does: in an archive, app.asar, programs see the files of
// app.asar.unpacked as if they were inside, and native code is loaded from there. Here app.asar is
// a directory that lacks these files.
const fs = require('node:fs')

const exists = fs.existsSync

const unpacked = (path) => {
  if (typeof path !== 'string' || exists(path)) return path
  return path.replace(/\/app\.asar\//, '/app.asar.unpacked/')
}

for (const name of ['existsSync', 'readdirSync', 'statSync']) {
  const original = fs[name]
  fs[name] = (path, ...rest) => original(unpacked(path), ...rest)
}
const Module = require('node:module')
Module.syncBuiltinESMExports()
const { _resolveFilename } = Module
Module._resolveFilename = (request, ...rest) => _resolveFilename(unpacked(request), ...rest)
const { dlopen } = process
process.dlopen = (module, path, ...rest) => dlopen.call(process, module, unpacked(path), ...rest)
