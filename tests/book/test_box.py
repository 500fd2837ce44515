"""A student's Python: what goes in and comes out, what it may not do, and what a submission leaves behind."""

import copy
import os
import subprocess

import nbformat
import numpy as np
import pytest
from submissions import PROJECT, part

from tools.grading.box import Box, apart, definitions
from tools.grading.inside import LIMIT, pack, unpack
from tools.grading.notebooks import as_output, asked
from tools.grading.submission import mended, plain
from tools.student import ROOT

WAYS = [
    pytest.param(False, id="open"),
    pytest.param(True, id="shut off", marks=pytest.mark.skipif(
        not apart(), reason="NOT TESTED: that a submission reaches no file and no network",
    )),
]  # fmt: skip
SOURCE = nbformat.read(ROOT / "assignments" / "source" / PROJECT / f"{PROJECT}.ipynb", as_version=4)


@pytest.fixture(scope="module", params=WAYS)
def box(request):
    with Box(seconds=60, shut=request.param) as box:
        box.run("import numpy as np\nfrom emcore import data")
        yield box


def shown(box, code):
    """What a cell shows: its text, and its error."""
    outputs = box.run(code)
    text = "".join(output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in outputs)
    return text + "".join(f"{output['error'][0]}: {output['error'][1]}" for output in outputs if "error" in output)


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 10**400, 2.5, float("inf"), "text", [], (1, [2.0, (3,)]), np.float64(0.1), np.arange(3),
        np.array([[1.5, np.nan], [-np.inf, 2]]), np.zeros((0, 2)), np.bool_(True),
    ],
)  # fmt: skip
def test_data_go_in_and_come_out_as_they_were(box, value):
    box.run("def same(value):\n    return value")
    there = box.get("same")(value)
    np.testing.assert_equal(there, value)
    assert type(there) is type(value) and getattr(there, "dtype", None) == getattr(value, "dtype", None)


def test_what_is_no_data_comes_out_as_a_name():
    for value, name in ((object(), "object"), ({1: 2}, "dict"), (1j, "complex"), (lambda: 0, "function")):
        assert type(unpack(pack(value))).__name__ == name
    np.testing.assert_equal(unpack(pack(np.float32(0.5))), 0.5)


def test_a_function_says_what_it_takes_and_its_errors_are_pythons(box):
    box.run("def f(x, q=2):\n    return x / q\n\ndef g():\n    raise NotImplementedError")
    box.run("class Odd(Exception): pass\n\ndef h(x):\n    raise Odd('no')")
    f = box.get("f")
    assert (f(4), f.__name__, list(f.__signature__.parameters)) == (2, "f", ["x", "q"])
    with pytest.raises(TypeError, match=r"unsupported operand .* \(at `return x / q`\)"):
        f("four")
    with pytest.raises(NotImplementedError):
        box.get("g")()
    with pytest.raises(RuntimeError, match="Odd: no"):
        box.get("h")(1)
    with pytest.raises(NameError):
        box.get("nothing_of_this_name")


def test_cells_mean_what_they_mean_in_jupyter(box):
    assert shown(box, "print(1)\n2") == "1\n2"
    assert "SyntaxError" in shown(box, "def f(:") and "ZeroDivisionError" in shown(box, "1 / 0")
    assert "loop" in shown(box, "%timeit -n1 -r1 1")
    (picture,) = box.run("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert len(picture["data"]["image/png"]) > 5000 and as_output(picture).data["image/png"]
    (flood,) = box.run("print('x' * 10**7)")
    assert len(flood["text"]) == LIMIT and "10.0 MB in all" in as_output(flood).text


def test_of_emcore_there_are_data_alone(box):
    assert shown(box, "print(data.coins())") == "[5. 9. 8. 4. 7.]\n"
    for name in ("models", "exercises", "core", "checkup", "plots"):
        assert "No module named" in shown(box, f"import emcore.{name}")
    assert {"asks for emcore.models", "asks for emcore.exercises"} <= set(box.noted)


def test_of_the_teacher_there_is_nothing(box, monkeypatch):
    assert set(eval(shown(box, "import os\nlist(os.environ)"))) <= {
        "PATH", "HOME", "LC_ALL", "OPENBLAS_NUM_THREADS", "MPLBACKEND", "MPLCONFIGDIR", "OLDPWD", "PWD", "SHLVL", "_",
    }  # fmt: skip
    walk = "while frame:\n    names |= set(frame.f_locals)\n    frame = frame.f_back"
    told = eval(shown(box, f"import sys\nframe, names = sys._getframe(), set()\n{walk}\nnames"))
    assert "self" in told and not {"right", "PARTS", "seed", "check"} & told
    if box.shut:
        assert "FileNotFoundError" in shown(box, f"open({str(ROOT / 'README.md')!r})")
        assert eval(shown(box, f"os.path.exists({str(ROOT / 'assignments')!r}), os.path.exists('/etc')")) == (
            False,
            False,
        )
        assert "Read-only" in shown(box, "open('/usr/lib/x', 'w')")
        assert "Network is unreachable" in shown(box, "import socket\nsocket.create_connection(('192.0.2.1', 80))")
        assert "PermissionError" in shown(box, "os.chroot('/usr')") and eval(shown(box, "os.getpid()")) == 1


def test_what_is_not_a_notebooks_work_is_noted(box):
    box.run("np.allclose, old = None, np.allclose")
    box.run("np.allclose = old\nimport subprocess\nsubprocess.run(['true'])")
    box.run("try:\n    open('/nowhere/seed.txt')\nexcept OSError:\n    pass")
    assert {"changes numpy.allclose", "starts a program", "reaches for the file /nowhere/seed.txt"} <= set(box.noted)


@pytest.mark.parametrize("shut", WAYS)
def test_what_ends_or_never_ends_costs_its_own_points_alone(shut):
    with Box(seconds=3, shut=shut) as box:
        box.left = 600  # a busy machine is slow to start them
        box.run("import os, time\nkept = 5\ndef forever():\n    while True: pass\ndef gone():\n    os._exit(1)")
        for name, error in (("forever", TimeoutError), ("gone", RuntimeError)):
            function = box.get(name)
            with pytest.raises(error):
                function()
            with pytest.raises(TimeoutError, match="not called again"):
                function()
        assert shown(box, "forever()").startswith("TimeoutError: it ran too long before"), "in a later cell too"
        assert (
            shown(box, "def fine():\n    return kept\ntime.sleep(60)")
            == "CellTimeoutError: it ran longer than 3 seconds and was stopped"
        )
        assert "DeadKernelError" in shown(box, "import sys\nos._exit(0)")
        assert box.get("fine")() == 5, "what stood above it in its cell is there"
        box.end()
        box.left = 0
        assert "CellTimeoutError" in shown(box, "1") and box.process is None, "all together have a limit too"


@pytest.mark.parametrize("shut", WAYS)
def test_nothing_is_left_behind(shut):
    with Box(shut=shut) as box:
        box.run("import subprocess, sys\nopen('litter.txt', 'w').write('x')")
        box.run(
            "for _ in range(5):\n    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600) # litter'])"
        )
        folder = box.folder.name
    assert not os.path.exists(folder)
    assert "600) # litter" not in subprocess.run(["ps", "-ef"], capture_output=True, text=True).stdout
    with Box(shut=shut) as box:
        assert shown(box, "import os\nos.path.exists('litter.txt')") == "False"


WRITE = """
import os
def write(line):
    for n in range(3, 9):
        try:
            os.write(n, line)
        except OSError:
            pass
    os._exit(0)
"""


@pytest.mark.parametrize(
    "line", ["", "no json\n", "[1]\n", '{"value": 5}\n', '{"outputs": 1, "noted": 7}\n', "[" * 10**5 + "\n"]
)
def test_an_answer_that_is_none_ends_the_process(line):
    with Box(shut=False) as box:
        box.run(WRITE)
        assert "DeadKernelError" in shown(box, f"write({line.encode()!r})")
        assert box.process is None and shown(box, "1") == "1"


@pytest.mark.parametrize("line", ['{"outputs": 5}\n', '{"outputs": [5, {"data": 7}, {"error": []}, {"text": []}]}\n'])
def test_outputs_that_are_none_are_left_out(line):
    with Box(shut=False) as box:
        box.run(WRITE)
        assert not any(map(as_output, box.run(f"write({line.encode()!r})")))


@pytest.mark.parametrize(
    "line", ['{"value": {"array": 5}}\n', '{"error": []}\n', '{"error": ["KeyboardInterrupt", 1, 2]}\n']
)
def test_a_value_that_is_none_is_an_error(line):
    with Box(shut=False) as box:
        box.run(f"{WRITE}\ndef f():\n    write({line.encode()!r})")
        with pytest.raises(RuntimeError):
            box.get("f")()


def test_memory_has_a_limit(box):
    assert "MemoryError" in shown(box, "np.ones(3 * 2**27)"), "3 GB"


def test_what_is_left_of_a_cell_that_must_not_run_again():
    assert (
        definitions("import a\nwhile True: pass\ndef f(x):\n    return 1\nf(2)") == "import a\ndef f(x):\n    return 1"
    )
    assert definitions("def f(:") == definitions("\0") == ""


def test_the_names_that_a_check_takes_from_the_student():
    cells = {cell.metadata.nbgrader.grade_id: cell.source for cell in SOURCE.cells if "nbgrader" in cell.metadata}
    for name in ("loglik", "e_step", "m_step", "run"):
        assert asked(cells[f"{name}_check"], {"np": 1, "notices": 1, "data": 1}) == [name]


# What a file may hold, and what is made of it


@pytest.mark.parametrize("marks", [None, "a string", 7, [], {"grade_id": ["a list"]}, {"grade_id": {}}, {"grade": 1}])
def test_odd_marks_cost_nothing(marks):
    cells = [plain({**cell, "metadata": {"nbgrader": marks}}) for cell in SOURCE.cells]
    nb = mended(cells, SOURCE)
    assert [cell.source for cell in nb.cells] == [cell.source for cell in SOURCE.cells] and nb.metadata.remarks == []
    nbformat.validate(nb)


@pytest.mark.parametrize(
    "cell",
    [{}, {"cell_type": 3}, {"source": 7}, {"source": ["a", 7]}, {"metadata": "x"}, {"attachments": 1}, {"id": []}],
)
def test_odd_cells_are_cells_of_text(cell):
    nb = mended([plain(cell)], SOURCE)
    nbformat.validate(nb)
    assert nb.cells[0].source in ("", "a")


def test_locked_cells_get_back_their_text_and_answers_keep_theirs():
    cells = []
    for cell in SOURCE.cells:
        other = copy.deepcopy(cell)
        other.source, other.cell_type = "MINE", "code"
        other.metadata.get("nbgrader", {}).update(locked=False, points=99)
        cells.append(plain(other))
    nb = mended(cells, SOURCE)
    for old in SOURCE.cells:
        if marks := old.metadata.get("nbgrader"):
            new = part(nb, marks.grade_id)
            assert new.metadata.nbgrader == marks and new.cell_type == old.cell_type
            assert new.source == (old.source if marks.locked else "MINE")
