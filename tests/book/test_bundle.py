"""The offline bundle is the built book, whole, with a note on how to use it."""

import zipfile
import zlib

import pytest
from book_helpers import HTML

from tools import bundle


@pytest.fixture(scope="module")
def archive():
    bundle.main()
    with zipfile.ZipFile(bundle.ZIP) as archive:
        yield archive


def test_the_bundle_holds_the_book_byte_for_byte_and_nothing_else_but_the_note(archive):
    packed = {i.filename: i.CRC for i in archive.infolist() if i.filename != "em-course/README.txt"}
    built = {
        f"em-course/book/{p.relative_to(HTML)}": zlib.crc32(p.read_bytes()) for p in HTML.rglob("*") if p.is_file()
    }
    assert packed == built and "em-course/book/lite/index.html" in packed


def test_the_note_says_how_to_serve_it_and_names_files_that_are_there(archive):
    note, names = archive.read("em-course/README.txt").decode(), archive.namelist()
    assert "python -m http.server" in note and "book/index.html" in note and "em-course/book/index.html" in names
    whole = any(name.startswith("em-course/book/lite/static/pyodide/numpy-") for name in names)
    assert (bundle.WHOLE if whole else bundle.PART) in note
