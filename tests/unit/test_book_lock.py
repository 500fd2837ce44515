"""Two builds in one folder take turns, and a build forgets runs that an older emcore made."""

import subprocess
import sys

import pytest

from tools import book

SECOND = """
from pathlib import Path
from tools import book
book.BUILD = Path({build!r})
with book.alone():
    print("built", flush=True)
"""


@pytest.fixture
def build(tmp_path, monkeypatch):
    monkeypatch.setattr(book, "BUILD", tmp_path / "_build")
    return tmp_path / "_build"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
def test_a_second_build_waits_for_the_first(build):
    with book.alone():
        command = [sys.executable, "-c", SECOND.format(build=str(build))]
        second = subprocess.Popen(command, cwd=book.ROOT, stdout=subprocess.PIPE, text=True)
        assert second.stdout.readline().startswith("book: another build is at work")
    assert second.communicate()[0] == "built\n" and second.returncode == 0


def test_runs_are_kept_until_emcore_changes(build, tmp_path, monkeypatch):
    monkeypatch.setattr(book, "ROOT", tmp_path)
    for name in ("emcore/core.py", "constraints.txt", "_build/.jupyter_cache/run"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    kept = []
    for text in ("one", "one", "two"):
        (tmp_path / "emcore" / "core.py").write_text(text)
        book.forget_old_runs()
        kept.append((build / ".jupyter_cache").exists())
        (build / ".jupyter_cache").mkdir(exist_ok=True)
    assert kept == [False, True, False]
