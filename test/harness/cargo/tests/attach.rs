use std::process::Command;

/// Whether the test can run. Cargo's harness cannot skip: what returns early counts as passed.
fn has_ptrace(need: &str) -> bool {
    let done = Command::new("ptrace-probe").args(["require", need]).output();
    let done = done.expect("ptrace-probe is installed");
    match done.status.code() {
        Some(0) => true,
        Some(77) => {
            eprintln!("skipped: {}", String::from_utf8_lossy(&done.stdout).trim());
            false
        }
        _ => panic!("{}", String::from_utf8_lossy(&done.stderr).trim()),
    }
}

#[test]
fn attaches_to_a_child() {
    if !has_ptrace("child") {
        return;
    }
}
