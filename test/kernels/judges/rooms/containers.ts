import type { Room } from '../room.js'
import { targets } from '../targets.js'
import { atStrictScopes, everyTarget, root } from './tracers.js'

const contained = {
  setup: [
    ['sh', '-c', 'mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup'],
    ['sh', '-c', 'mkdir -p /dev/shm && mountpoint -q /dev/shm || mount -t tmpfs shm /dev/shm'],
  ],
  ownTargets: true,
  // By AppArmor's profile for containers.
  labelled: true,
  sittings: [...everyTarget, atStrictScopes],
} as const

/** A container with this root, Podman's own filter and its own AppArmor profile. */
function container(...more: readonly string[]): string[] {
  return [
    ...['podman', '--cgroup-manager=cgroupfs', '--storage-driver=vfs'],
    ...['--root=/run/podman/storage', '--runroot=/run/podman/run'],
    ...['run', '--rm', '--interactive', '--network=none', '--log-driver=none'],
    ...['--cgroups=disabled', '--ulimit=nofile=1024:1024', '--ulimit=nproc=1024:1024', ...more],
    ...['lane', 'project', 'node'].map((name) => `--volume=/run/${name}:/run/${name}`),
    ...['--rootfs', '/:O', '/run/lane/targets'],
  ]
}

const kinds = [
  { id: 'podman', title: 'a container of Podman', options: [], without: [], asksFile: false },
  ...(['20.10', '26.1'] as const).map((version) => ({
    id: `docker-${version}`,
    title: `a container with the default filter of Docker ${version}`,
    options: [`--security-opt=seccomp=/run/lane/docker-${version}.json`],
    asksFile: version === '20.10',
    // That filter lets only holders of CAP_SYS_ADMIN make namespaces.
    without: targets.filter(({ namespace }) => namespace.startsWith('of-')).map(({ id }) => id),
  })),
]

export const containers: readonly Room[] = kinds.flatMap(
  ({ id, title, options, without, asksFile }) => [
    {
      ...contained,
      without,
      id,
      title: `as root in ${title}`,
      command: container(...options),
      tracer: { ...root, capable: false, confined: 'lenient', asksFile },
    },
    {
      ...contained,
      without,
      id: `${id}-sys-ptrace`,
      title: `as root in ${title} with SYS_PTRACE`,
      command: container(...options, '--cap-add=SYS_PTRACE'),
      tracer: { ...root, confined: 'lenient' },
    },
  ],
)
