"""The offline bundle is the built book and the student edition, whole, with a note on how to use them."""

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


@pytest.mark.parametrize(
    "name, folder, one",
    [("book", HTML, "lite/index.html"), ("student", bundle.STUDENT, "notebooks/06_two_coins.ipynb")],
)
def test_the_bundle_holds_the_book_and_the_student_edition_byte_for_byte(archive, name, folder, one):
    top = f"em-course/{name}"
    packed = {i.filename: i.CRC for i in archive.infolist() if i.filename.startswith(f"{top}/")}
    built = {f"{top}/{p.relative_to(folder)}": zlib.crc32(p.read_bytes()) for p in folder.rglob("*") if p.is_file()}
    assert packed == built and f"{top}/{one}" in packed


def test_the_note_says_how_to_serve_it_and_names_files_that_are_there(archive):
    note, names = archive.read("em-course/README.txt").decode(), archive.namelist()
    assert "python -m http.server" in note and "book/index.html" in note and "em-course/book/index.html" in names
    assert "README.txt" in note and "em-course/student/README.txt" in names
    whole = any(name.startswith("em-course/book/lite/static/pyodide/numpy-") for name in names)
    assert (bundle.WHOLE if whole else bundle.PART) in note
