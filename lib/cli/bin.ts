#!/usr/bin/env node
import { writeSync } from 'node:fs'
import { quickGrant } from '../quick-grant.js'
import { isDevice, stdout } from './stdout.js'

// A terminal may want colours, and a width of its own.
const isPlain = process.env['FORCE_COLOR'] === undefined && !isDevice()
const quick = isPlain ? quickGrant(process.argv.slice(2)) : ({ text: null, asked: false } as const)

if (quick.text === null) usually(quick.asked)
else if (!isWritten(quick.text)) usually(false)

function usually(asked: boolean): void {
  import('./main.js').then(({ run }) => run(asked))
}

/** All of it or, so short as it is, nothing (pipe(7), PIPE_BUF). */
function isWritten(text: string): boolean {
  try {
    return writeSync(stdout, text) === text.length
  } catch {
    return false
  }
}
