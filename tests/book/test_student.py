"""The student edition: no solution in it, checks that wait for the work, and it runs from any folder, offline."""

import ast
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from tools import launch
from tools import student as tool

PATHS = sorted(tool.NOTEBOOKS.glob("*.ipynb"))
FOLDER = "Für Anna (2)"
CHAPTERS = ["06_two_coins", "13_your_own_model"]  # run as a student runs them; what holds for all is read off them
OFFLINE = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise OSError(f"no network here: {event} {arguments}")
sys.addaudithook(refuse)
import emcore
print(emcore.__file__)
"""


def lines(cells):
    """The lines that cells show: text, code and what is printed."""
    outputs = [output.get("text", "") for cell in cells for output in cell.get("outputs", [])]
    return {line.strip() for text in [*(cell.source for cell in cells), *outputs] for line in text.splitlines()}


def secret(source):
    """The lines of the folded solutions and answers that stand nowhere else in the chapter."""
    rest = [{**cell, "source": tool.ANSWER.sub("", cell.source)} for cell in source.cells if not tool.is_solution(cell)]
    answers = {
        line.strip()
        for cell in source.cells
        for found in tool.ANSWER.findall(cell.source)
        for line in found.split("\n")
    }
    solutions = lines([cell for cell in source.cells if tool.is_solution(cell)])
    return (solutions | answers) - lines([nbformat.from_dict(cell) for cell in rest])


def places(nb):
    """Prompt, place to write and check of each exercise that has a check."""
    checks = [i for i, cell in enumerate(nb.cells) if cell.source.startswith("exercises.check_")]
    return [nb.cells[i - 2 : i + 1] for i in checks]


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def pair(request):
    source = nbformat.read(request.param, as_version=4)
    return source, tool.student(source)


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """The archive, unpacked into a folder with a space and letters beyond ASCII."""
    folder = tmp_path_factory.mktemp("student")
    tool.build(folder / "built")
    tool.pack(folder / "built", folder / "student.zip")
    with zipfile.ZipFile(folder / "student.zip") as archive:
        archive.extractall(folder / FOLDER)
    return folder / FOLDER / "em-course"


def test_no_solution_is_left(pair):
    source, copy = pair
    assert len(secret(source)) > 10
    assert not secret(source) & lines(copy.cells)
    assert not re.search("SOLUTION|<summary>Answer", nbformat.writes(copy))


def test_every_exercise_has_a_place_to_write_and_a_check_that_waits(pair):
    source, copy = pair
    assert len(places(copy)) == sum(tool.is_solution(cell) for cell in source.cells) >= 4
    for prompt, place, check in places(copy):
        assert prompt.cell_type == "markdown" and re.search("(?m)^### ", prompt.source)
        assert place.id.endswith("-answer") and not place.outputs
        assert check.outputs[0].text.startswith("Not yet: ")


def test_everything_else_is_intact(pair):
    source, copy = pair
    kept = [cell for cell in source.cells if not tool.is_solution(cell)]
    for old, new in zip(kept, copy.cells, strict=True):
        assert new.source == old.source or "**Your answer:**" in new.source
        for part in ("id", "cell_type", "metadata", "outputs"):
            assert new.get(part) == old.get(part)


def test_no_chapter_needs_what_an_exercise_asks_for(pair):
    """Places to write return nothing: the text must not go on from them."""
    _, copy = pair
    exercise = {cell.id for found in places(copy) for cell in found}
    written = set()
    for cell in [cell for cell in copy.cells if cell.cell_type == "code"]:
        nodes = list(ast.walk(ast.parse(re.sub(r"(?m)^ *[%!].*", "", cell.source))))
        names = {
            "load": set(),
            "store": {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)},
        }
        for node in nodes:
            if isinstance(node, ast.Name):
                names["load" if isinstance(node.ctx, ast.Load) else "store"].add(node.id)
        if cell.id in exercise:
            written |= names["store"]
        else:
            written -= names["store"]
            assert not written & names["load"], cell.id


def test_the_archive_holds_what_running_needs_and_no_more(edition):
    held = {path.relative_to(edition).as_posix() for path in edition.rglob("*") if path.is_file()}
    top = {"README.txt", "LICENSE", "LICENSE-TEXT", "requirements.txt", "constraints.txt", "runtime.txt"}
    chapters = {f"notebooks/{path.name}" for path in PATHS}
    package = {
        f"notebooks/emcore/{path.relative_to(tool.ROOT / 'emcore').as_posix()}"
        for path in (tool.ROOT / "emcore").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert top | chapters | package <= held
    assert all(re.fullmatch(r"book/\w+\.md", name) for name in held - top - chapters - package)
    for path in PATHS:
        packed = nbformat.read(edition / "notebooks" / path.name, as_version=4)
        assert packed == tool.student(nbformat.read(path, as_version=4))


def test_every_link_of_a_notebook_leads_somewhere_in_the_archive(edition):
    for path in sorted((edition / "notebooks").glob("*.ipynb")):
        text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        targets = re.findall(r"\]\((?!http)([^)#\s]+\.\w+)", text)
        assert targets and [target for target in targets if not (path.parent / target).exists()] == []


def test_the_requirements_are_the_courses_without_the_books_tools():
    kept = tool.requirements().splitlines()
    assert set(kept) <= set((tool.ROOT / "requirements.txt").read_text().splitlines())
    assert {line.split("==")[0] for line in kept if "==" in line} == {
        "numpy", "matplotlib", "ipywidgets", "anywidget", "jupyterlab",
    }  # fmt: skip


def test_the_same_files_give_the_same_archive(edition, tmp_path):
    for name in ("one.zip", "two.zip"):
        tool.pack(edition, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_links_are_made_from_the_one_setting():
    links = tool.links(launch.Address("someone", "some-course", "v1.0"))
    assert set(links) == {"Binder", "Colab", "JupyterLite", "JupyterHub"}
    for link in links.values():
        assert re.search(r"someone(/|%2F|\.github\.io/)some-course", link) and "student" in link and "v1.0" not in link


def test_the_command_says_what_it_wrote(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tool, "STUDENT", tmp_path / "student")
    monkeypatch.setattr(tool, "ARCHIVE", tmp_path / "em-course-student.zip")
    tool.main()
    out = capsys.readouterr().out
    assert out.startswith(f"{len(PATHS)} chapters without solutions") and ("mybinder.org" in out) == bool(
        launch.setting()
    )
    assert (tmp_path / "student" / "README.txt").exists() and zipfile.is_zipfile(tmp_path / "em-course-student.zip")


def test_the_workflow_publishes_the_student_edition_as_a_branch(edition, tmp_path):
    """The job's own script, pushing to a repository on disk in place of the public one."""
    jobs = yaml.safe_load((tool.ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]
    uploads = {
        step["with"]["name"]: step["with"]["path"] for step in jobs["test"]["steps"] if "name" in step.get("with", {})
    }
    assert uploads == {"student": tool.STUDENT.relative_to(tool.ROOT).as_posix()}
    assert "test" in jobs["student"]["needs"] and jobs["student"]["if"] == "github.ref_type == 'tag'"
    script = jobs["student"]["steps"][-1]["run"]
    assert "token" not in script.lower() and "://" not in script
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "public"], check=True)
    environment = {**os.environ, "EDITION": str(edition), "GITHUB_REF_NAME": "v1.0"}
    for clone in (tmp_path / "first", tmp_path / "second"):  # a second time it replaces the branch
        subprocess.run(["git", "clone", "-q", tmp_path / "public", clone], check=True, stderr=subprocess.DEVNULL)
        name = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *name, "commit", "-q", "--allow-empty", "-m", "main"], cwd=clone, check=True)
        (clone / "solutions.txt").write_text("not for students")
        subprocess.run(["git", "add", "-A"], cwd=clone, check=True)
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=clone, env=environment, check=True)
    shown = subprocess.run(
        ["git", "-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "student"],
        cwd=tmp_path / "public", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(shown.stdout.splitlines()) == {
        path.relative_to(edition).as_posix()
        for path in edition.rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }


async def run(path):
    """Run a chapter as it was handed out, where it was unpacked, cut off from the network."""
    nb = nbformat.read(path, as_version=4)
    nb.cells.insert(0, nbformat.v4.new_code_cell(OFFLINE))
    client = NotebookClient(nb, timeout=600, kernel_name="python3", resources={"metadata": {"path": path.parent}})
    await client.async_execute()
    return nb


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_from_the_archive_with_no_network(chapter, edition, monkeypatch):
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with ThreadPoolExecutor(1) as pool:  # a thread of its own: Playwright's loop may run in this one
        nb = pool.submit(asyncio.run, run(edition / "notebooks" / f"{chapter}.ipynb")).result()
    assert nb.cells[0].outputs[0].text.strip() == str(edition / "notebooks" / "emcore" / "__init__.py")
    for _, _, check in places(nb):
        assert re.match(r"Not yet: .*(returns nothing yet|is still None)", check.outputs[0].text)


def packages(folder):
    """The wheel and the sdist, built without a network: (name of a file, its content)."""
    ignore = shutil.ignore_patterns(".*", "_build", "node_modules", "*.egg-info")
    work = shutil.copytree(tool.ROOT, folder / "work", ignore=ignore)
    for kind in ("wheel", "sdist"):
        build = f"import setuptools.build_meta as backend; backend.build_{kind}({str(folder)!r})"
        subprocess.run([sys.executable, "-c", build], cwd=work, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        yield from ((name, wheel.read(name)) for name in wheel.namelist())
    with tarfile.open(next(folder.glob("*.tar.gz"))) as sdist:
        yield from ((entry.name, sdist.extractfile(entry).read()) for entry in sdist if entry.isfile())


def kept_back():
    """What only teachers have: the lines of the projects' model answers, and what their points are given for."""
    for path in sorted((tool.ROOT / "assignments").glob("source/[!0-9]*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.S):
                yield from (line.strip() for line in region.splitlines())
    for path in sorted((tool.ROOT / "assignments" / "checks").glob("*.py")):
        yield from re.findall(r"^def (check_\w+)", path.read_text(encoding="utf-8"), re.M)


def test_the_answers_to_the_graded_projects_are_in_no_file_that_students_get(edition, tmp_path):
    files = [(str(path), path.read_bytes()) for path in edition.rglob("*") if path.is_file()]
    lite = tool.ROOT / "_build" / "html" / "lite" / "files"
    files += [(str(path), path.read_bytes()) for path in lite.rglob("*") if path.is_file()]
    files += packages(tmp_path)
    assert len(files) > 100 and any("models/poisson.py" in name for name, _ in files)
    secret = {line for line in kept_back() if len(line) > 30 or line.startswith("check_")}
    assert len(secret) > 35 and "check_notices_run" in secret
    told = "\n".join(content.decode("utf-8", "replace") for _, content in files)
    told = told.replace('\\"', '"').replace("\\\\", "\\")  # as notebooks write it
    assert sorted(line for line in secret if line in told) == []
