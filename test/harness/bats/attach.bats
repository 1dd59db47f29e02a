needs_ptrace() {
  why=$(ptrace-probe require "$1" --cache "$BATS_RUN_TMPDIR/ptrace-probe.cache") || {
    [ $? -eq 77 ] && skip "$why"
    return 1
  }
}

@test "attaches to a child" {
  needs_ptrace child
  true
}
