import test from 'node:test'
import { skipReason } from 'ptrace-probe'

test('attaches to a child', { skip: skipReason('child') }, () => {})
