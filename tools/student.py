"""Write the student edition: the chapters without their solutions, ready to run without an installation.

    python -m tools.student      writes _build/student/ and _build/em-course-student.zip

The folded solutions go, and the folded answers of the exercises on paper. All else stays: the places to write, the
checks, and the answers below the predictions, which the text goes on from. emcore stands beside the notebooks.
"""

import copy
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import quote

import nbformat

from tools import launch, notebooks

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
STUDENT = ROOT / "_build" / "student"
ARCHIVE = ROOT / "_build" / "em-course-student.zip"
ANSWER = re.compile(r"<details><summary>Answer</summary>.*?</details>", re.S)
NOT_NEEDED = {"jupyter-book", "-e ."}  # building the book is not the students' work
README = """\
The EM Algorithm, Step by Step: student edition

1. Unpack this archive anywhere and open a terminal in the unpacked folder.
2. python -m venv .venv                (Python 3.11 or newer)
   . .venv/bin/activate                (on Windows: .venv\\Scripts\\activate)
   python -m pip install -r requirements.txt     (the one step that needs a network)
3. jupyter lab notebooks

Each exercise has a cell to fill in and a check below it. Run the check as often as you like: it says what is off.
(The chapters speak of folded solutions: those are for readers of the book.)
Keep the folder emcore where it is, beside the notebooks.
"""


def is_solution(cell):
    return cell.cell_type == "code" and cell.source.startswith("### BEGIN SOLUTION")


def student(nb):
    """A copy of the notebook without what is folded away as solution or answer; places to write stay as they are."""
    nb = copy.deepcopy(nb)
    nb.cells = [cell for cell in nb.cells if not is_solution(cell)]
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = ANSWER.sub("**Your answer:**", cell.source)
    return notebooks.clean(nb)


def requirements():
    """The pins that running the chapters needs."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.split("==")[0] not in NOT_NEEDED) + "\n"


def pages(chapters):
    """The pages of the book that the chapters link to."""
    text = "\n".join(cell.source for nb in chapters for cell in nb.cells if cell.cell_type == "markdown")
    return sorted(set(re.findall(r"\]\(\.\./(book/\w+\.md)", text)))


def build(folder):
    """Write the student edition into a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "notebooks").mkdir(parents=True)
    written = {path.name: student(nbformat.read(path, as_version=4)) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
    for name, nb in written.items():
        (folder / "notebooks" / name).write_text(notebooks.text(nb), encoding="utf-8")
    for name in ["LICENSE", "LICENSE-TEXT", "runtime.txt", "constraints.txt", *pages(written.values())]:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "emcore", folder / "notebooks" / "emcore", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "requirements.txt").write_text(requirements(), encoding="utf-8")
    (folder / "README.txt").write_text(README, encoding="utf-8")
    return len(written)


def pack(folder, archive):
    """Zip the folder so that the same files give the same bytes."""
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"em-course/{path.relative_to(folder).as_posix()}")
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def links(address):
    """Where students open this edition: the branch that the workflow publishes it as, and the book's JupyterLite."""
    first, folder = "01_maximum_likelihood.ipynb", quote(f"lab/tree/{address.name}/notebooks", safe="")
    return {
        "JupyterLite": address.lite(f"student/{first}"),
        "Colab": address.student.colab(f"notebooks/{first}"),
        "Binder": address.student.binder("notebooks"),
        "JupyterHub": "https://YOUR-HUB/hub/user-redirect/git-pull"
        f"?repo={quote(address.url, safe='')}&branch={address.student.tag}&urlpath={folder}",
    }


def main():
    count = build(STUDENT)
    pack(STUDENT, ARCHIVE)
    print(f"{count} chapters without solutions: {STUDENT} and {ARCHIVE}")
    if address := launch.setting():
        print("For students, once the branch `student` is published:")
        for name, link in links(address).items():
            print(f"{name:11}  {link}")
    else:
        print("No links for students yet: `make repository URL=…` says where the course is published.")


if __name__ == "__main__":
    main()
