"""Write the student edition: the chapters without their solutions, ready to run without an installation.

    python -m tools.student      writes _build/student/ and _build/em-course-student.zip

A solution cell becomes a cell to fill in, with the names that the check after it asks for. The outputs of
solutions and checks go, everything else stays. emcore stands beside the notebooks, where they find it.
"""

import ast
import copy
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import quote

import nbformat

from tools import launch

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
STUDENT = ROOT / "_build" / "student"
ARCHIVE = ROOT / "_build" / "em-course-student.zip"
BEGIN = "### BEGIN SOLUTION"
NOT_NEEDED = {"jupyter-book", "-e ."}  # building the book is not the students' work
README = """\
The EM Algorithm, Step by Step: student edition

1. Unpack this archive anywhere and open a terminal in the unpacked folder.
2. python -m venv .venv                (Python 3.11 or newer)
   . .venv/bin/activate                (on Windows: .venv\\Scripts\\activate)
   python -m pip install -r requirements.txt     (the one step that needs a network)
3. jupyter lab notebooks

Each exercise has a cell to fill in and a check below it. Run the check as often as you like: it says what is off.
(The chapters speak of a new cell and of folded solutions: that is for readers of the book.)
Keep the folder emcore where it is, beside the notebooks.
"""


def is_solution(cell):
    return cell.cell_type == "code" and BEGIN in cell.source


def names(code, context):
    """The names that the code loads (ast.Load) or sets (ast.Store), in order."""
    found = [node.id for node in ast.walk(code) if isinstance(node, ast.Name) and isinstance(node.ctx, context)]
    return list(dict.fromkeys(found))


def hollow(definition):
    """A function or class with its signatures kept and every body replaced."""
    for node in ast.walk(definition):
        if isinstance(node, ast.FunctionDef):
            node.body = ast.parse("raise NotImplementedError").body
    return ast.unparse(definition)


def stub(solution, check):
    """What the student finds instead of a solution: the names that the check asks for, still empty."""
    solution, asked = ast.parse(solution), names(ast.parse(check), ast.Load)
    definitions = [node for node in solution.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    values = [f"{name} = None" for name in asked if name in names(solution, ast.Store)]
    return "\n".join(["# Your answer:", *values, *(hollow(node) for node in definitions if node.name in asked)])


def student(nb):
    """A copy of the notebook without its solutions, and without what they and their checks print."""
    nb = copy.deepcopy(nb)
    for cell, check in zip(nb.cells, nb.cells[1:], strict=False):
        if not is_solution(cell):
            continue
        cell.source = stub(cell.source, check.source)
        cell.metadata = nbformat.from_dict({})
        check.metadata["tags"] = ["raises-exception"]  # "Run all" goes on behind a check that fails
        for emptied in (cell, check):
            emptied.outputs, emptied.execution_count = [], None
    return nb


def requirements():
    """The pins that running the chapters needs."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.split("==")[0] not in NOT_NEEDED) + "\n"


def pages(notebooks):
    """The pages of the book that the notebooks link to."""
    text = "\n".join(cell.source for nb in notebooks for cell in nb.cells if cell.cell_type == "markdown")
    return sorted(set(re.findall(r"\]\(\.\./(book/\w+\.md)", text)))


def build(folder):
    """Write the student edition into a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "notebooks").mkdir(parents=True)
    written = {path.name: student(nbformat.read(path, as_version=4)) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
    for name, nb in written.items():
        (folder / "notebooks" / name).write_text(nbformat.writes(nb) + "\n", encoding="utf-8")
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
