"""The offline bundle is the built book and the notebooks, whole, with a note on how to use them."""

import zipfile
import zlib

import pytest
from book_helpers import HTML, ROOT

from tools import bundle


@pytest.fixture(scope="module")
def archive():
    bundle.main()
    with zipfile.ZipFile(bundle.ZIP) as archive:
        yield archive


def test_the_bundle_holds_the_book_byte_for_byte(archive):
    packed = {i.filename: i.CRC for i in archive.infolist() if i.filename.startswith("em-course/book/")}
    built = {
        f"em-course/book/{p.relative_to(HTML)}": zlib.crc32(p.read_bytes()) for p in HTML.rglob("*") if p.is_file()
    }
    assert packed == built and "em-course/book/lite/index.html" in packed


def test_the_bundle_holds_the_students_notebooks_or_else_the_chapters(archive):
    packed = {name.split("/")[-1] for name in archive.namelist() if name.startswith("em-course/notebooks/")}
    student = {path.name for path in ROOT.glob("_build/student/*.ipynb")}
    assert packed == (student or {path.name for path in ROOT.glob("notebooks/*.ipynb")})


def test_the_note_says_how_to_serve_it_and_names_files_that_are_there(archive):
    note, names = archive.read("em-course/README.txt").decode(), archive.namelist()
    assert "python -m http.server" in note and "book/index.html" in note and "em-course/book/index.html" in names
    (wheel,) = [name for name in names if name.endswith(".whl") and name.count("/") == 1]
    assert wheel.removeprefix("em-course/") in note
    whole = any(name.startswith("em-course/book/lite/static/pyodide/numpy-") for name in names)
    assert (bundle.WHOLE if whole else bundle.PART) in note
