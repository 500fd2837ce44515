"""Build the book: front-end parts, pages with today's figures, the student edition, JupyterLite.

    python -m tools.book [FOLDER]    FOLDER: a Pyodide distribution on this machine, for a JupyterLite without network

One build at a time: a second one in the same tree waits for the first.
"""

import hashlib
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from tools import frontend, lite, student

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"


@contextmanager
def alone():
    """Hold the tree's lock; the system lets go of it when the process ends, however it ends."""
    BUILD.mkdir(exist_ok=True)
    with open(BUILD / "lock", "w") as lock:
        try:
            import fcntl
        except ImportError:  # Windows has no such locks
            yield
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("book: another build is at work in this folder; waiting for it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def forget_old_runs():
    """Cached runs of the chapters know nothing of emcore and its dependencies: drop them when one has changed."""
    paths = [*ROOT.glob("requirements*.txt"), ROOT / "constraints.txt", *(ROOT / "emcore").rglob("*.*")]
    now = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths) if path.suffix != ".pyc")).hexdigest()
    stamp = BUILD / "emcore.txt"
    if not stamp.exists() or stamp.read_text() != now:
        shutil.rmtree(BUILD / ".jupyter_cache", ignore_errors=True)
        stamp.write_text(now)


def main(folder=None):
    with alone():
        frontend.main()
        forget_old_runs()
        command = [Path(sys.executable).parent / "jupyter-book", "build", ROOT, *"-W -n --keep-going --all".split()]
        subprocess.run(command, cwd=ROOT, check=True)
        student.main()
        lite.build(local=folder)
    print(f"\nThe book is ready. Open {BUILD / 'html' / 'index.html'}")


if __name__ == "__main__":
    folder = Path(sys.argv[1]).resolve() if sys.argv[1:] and sys.argv[1] else None
    if folder and not folder.is_dir():
        sys.exit(f"book: expected a folder that holds a Pyodide distribution, got {folder}")
    try:
        main(folder)
    except subprocess.CalledProcessError as error:
        command = " ".join(map(str, error.cmd))
        sys.exit(f"book: {command} failed, see above. npm ci needs the network the first time, the rest does not.")
    except RuntimeError as error:
        sys.exit(f"book: {error}")
