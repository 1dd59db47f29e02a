// Makes Node believe that it runs on another machine: PRETEND=platform or PRETEND=platform-arch.
const [platform, arch = process.arch] = process.env.PRETEND.split('-')
Object.defineProperties(process, { platform: { value: platform }, arch: { value: arch } })
const os = require('node:os')
os.platform = () => platform
os.arch = () => arch
