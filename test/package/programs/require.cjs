// Uses the library from CommonJS, and says what it found.
const { isSupported, probeSync } = require('ptrace-probe')

console.log(JSON.stringify({ supported: isSupported(), scopes: [probeSync().scope.enforced.name] }))
