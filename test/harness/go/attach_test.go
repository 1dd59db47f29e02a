package attach

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
)

func needsPtrace(t *testing.T, need string) {
	t.Helper()
	output, err := exec.Command("ptrace-probe", "require", need).CombinedOutput()
	reason := strings.TrimSpace(string(output))
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit) && exit.ExitCode() == 77:
		t.Skip(reason)
	default:
		t.Fatalf("ptrace-probe: %v: %s", err, reason)
	}
}

func TestAttachesToAChild(t *testing.T) {
	needsPtrace(t, "child")
}
