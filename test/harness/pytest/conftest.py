import subprocess

import pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "needs_ptrace(need): skip where the need is not met")


@pytest.fixture(autouse=True)
def _needs_ptrace(request, tmp_path_factory):
    marker = request.node.get_closest_marker("needs_ptrace")
    if marker is None:
        return
    cache = tmp_path_factory.getbasetemp() / "ptrace-probe.cache"
    command = ["ptrace-probe", "require", marker.args[0], "--cache", cache]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 77:
        pytest.skip(done.stdout.strip())
    if done.returncode != 0:
        pytest.fail(done.stderr.strip(), pytrace=False)
