/**
 * Programs worth a look when their memory can be read, by the names that the kernel knows them by
 * (proc_pid_comm(5), at most 15 bytes). A name is no proof of what runs under it.
 */
const rows: readonly (readonly [holds: string, names: string])[] = [
  ['private keys', 'ssh-agent gpg-agent scdaemon pkcs11-provider vault step-ca certbot tailscaled'],
  [
    'stored passwords',
    'gnome-keyring-d kwalletd5 kwalletd6 keepassxc 1password bitwarden secret-tool pass',
  ],
  ['sessions of web sites', 'firefox firefox-esr chrome chromium brave msedge opera vivaldi-bin'],
  ['what is typed', 'bash zsh fish tmux screen Xorg gnome-shell kwin_wayland ssh'],
  ['passwords of users', 'sshd sshd-session sudo su login polkitd gdm lightdm sddm sssd'],
  ['control over the machine', 'systemd init dbus-daemon dbus-broker udisksd packagekitd'],
  ['control over containers', 'dockerd containerd podman crio kubelet etcd kube-apiserver'],
  ['databases', 'postgres mysqld mariadbd mongod redis-server valkey-server sqlservr'],
  ['keys of TLS servers', 'nginx apache2 httpd haproxy caddy envoy traefik stunnel4'],
]

const byName = new Map(
  rows.flatMap(([holds, names]) => names.split(' ').map((name) => [name, holds] as const)),
)

/** What a process of that name usually holds; undefined for most. */
export function holdings(name: string): string | undefined {
  // tmux and others add what they are to their name: `tmux: server`.
  return byName.get(name) ?? byName.get(name.split(':')[0] ?? '')
}
