import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The prefix below which Node's headers are installed (include/node); undefined when there is none. */
export function headers() {
  return (
    process.env.npm_config_nodedir ??
    [join(dirname(process.execPath), '..'), '/usr', '/usr/local'].find((prefix) =>
      existsSync(join(prefix, 'include/node/node_api.h')),
    )
  )
}
