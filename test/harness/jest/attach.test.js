import { test } from '@jest/globals'
import { skipReason } from 'ptrace-probe'

// Jest has no place for a reason but the title.
const reason = skipReason('child')
const testHere = reason ? test.skip : test

testHere(`attaches to a child${reason ? ` (${reason})` : ''}`, () => {})
