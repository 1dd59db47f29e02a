import pytest


@pytest.mark.needs_ptrace("child")
def test_attaches_to_a_child():
    pass
