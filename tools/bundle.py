"""Make one zip of the built book, with its JupyterLite: to read and run without a network, solutions folded.

The edition without solutions is a zip of its own (tools/student.py), for those who should not have both.

python tools/bundle.py    after `make book`, or `make book PYODIDE=folder` for a JupyterLite that is whole
"""

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"
ZIP = ROOT / "_build" / "em-course-offline.zip"
TOP = "em-course"
NOTE = """The EM algorithm, step by step: offline

Read     Open book/index.html in a browser. Every figure moves; nothing is installed, nothing is asked of a network.
Run      In this folder, say
             python -m http.server --bind localhost
         then open http://localhost:8000/book/ and pick JupyterLite under the rocket of a chapter.
         {lite}
"""
WHOLE = "Python runs in the browser and comes from this folder."
PART = "This bundle was made without PYODIDE=folder: Python's packages are fetched from a network on first use."


def main():
    if not (HTML / "lite" / "index.html").exists():
        sys.exit(f"bundle: no built book with a JupyterLite in {HTML}: run `make book` first")
    whole = list((HTML / "lite" / "static" / "pyodide").glob("numpy-*.whl"))
    with zipfile.ZipFile(ZIP, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(f"{TOP}/README.txt", NOTE.format(lite=WHOLE if whole else PART))
        for path in sorted(path for path in HTML.rglob("*") if path.is_file()):
            bundle.write(path, f"{TOP}/book/{path.relative_to(HTML)}")
        count = len(bundle.namelist())
    print(f"bundle: {count} files, {ZIP.stat().st_size / 1e6:.0f} MB: {ZIP}")


if __name__ == "__main__":
    main()
