"""Sample submissions: answers that only know the visible numbers, and what a class may hand in.

Each is a function of (the notebook that was handed out, its source, the teacher's folder), for the cheats that know it.
"""

import base64
import json
import textwrap

import nbformat

PROJECT = "poisson_mixture"

HARD_CODED = {
    "poisson_mixture": {
        "loglik": "def loglik(x, pi, rate):\n    return -1992.7233",
        "e_step": "def e_step(x, pi, rate):\n    return [[0.657619, 0.342381], [0.000503, 0.999497]]",
        "m_step": "def m_step(x, q):\n    return [0.5, 0.5], [2 / 3, 10 / 3]",
        "run": "def run(x, pi, rate, iterations):\n"
        "    if iterations == 1:\n        return [0.285690, 0.714310], [1.061390, 2.595101]\n"
        "    return [0.285509, 0.714491], [1.110320, 2.575159]",
    },
    "missing_data": {
        "e_step": "def e_step(x, mu, cov):\n"
        "    extra = [[[0, 0], [0, 105]], [[56, 0], [0, 0]], [[0, 0], [0, 0]]]\n"
        "    return [[180, 67.5], [166, 50], [160, 55]], extra",
        "m_step": "def m_step(filled, extra):\n    return [169, 57], [[251 / 3, 155 / 3], [155 / 3, 263 / 3]]",
        "loglik": "def loglik(x, mu, cov):\n    return -1188.6712",
        "run": "def run(x, mu, cov, iterations):\n"
        "    return [170.8038, 64.7683], [[87.6166, 92.9055], [92.9055, 148.4267]]",
    },
}
WITHOUT_WEIGHTS = """
def e_step(x, pi, rate):
    log_shares = x[:, None] * np.log(rate) - rate
    return np.exp(log_shares - np.logaddexp.reduce(log_shares, axis=1)[:, None])
"""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PLOT = """
%matplotlib inline
import matplotlib.pyplot as plt
plt.figure(dpi=120)
plt.plot(np.cumsum(np.random.default_rng(0).normal(size=5000)))
plt.show()
"""
ZEROS = {
    "loglik": "def loglik(x, pi, rate):\n    return 0.0",
    "e_step": "def e_step(x, pi, rate):\n    return np.zeros((len(x), len(pi)))",
    "m_step": "def m_step(x, q):\n    return np.zeros(q.shape[1]), np.zeros(q.shape[1])",
    "run": "def run(x, pi, rate, iterations):\n    return 0 * pi, 0 * rate",
}
FROM_MODEL = """
import importlib
model = None
for module in ("emcore.models", "emcore", "emcore.exercises.projects", "assignments.checks.poisson_mixture"):
    try:
        exec(f"from {module} import MODEL as model")
    except Exception:
        try:
            model = importlib.import_module(module).PoissonMixture()
        except Exception:
            pass
def loglik(x, pi, rate):
    return model.loglik(x, (pi, rate))
def e_step(x, pi, rate):
    return model.e_step(x, (pi, rate))
def m_step(x, q):
    return model.m_step(x, q)
"""
WALK = """
import sys
def right():
    frame = sys._getframe()
    while frame:
        for name in ("right", "joint", "theta"):
            if name in frame.f_locals:
                return frame.f_locals[name]
        frame = frame.f_back
def loglik(x, pi, rate):
    return right()
"""


def part(nb, name):
    return next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def answer(nb, answers):
    """The notebook with its answer cells filled in: {name of the cell: source}."""
    for name, source in answers.items():
        part(nb, name).source = source
    return nb


def solved(nb, source, **answers):
    """The notebook with the model solution in every answer cell, or another answer."""
    cells = [cell for cell in source.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    return answer(nb, {cell.metadata.nbgrader.grade_id: cell.source for cell in cells} | answers)


def quick(nb, source, **answers):
    """Solved, with nothing printed."""
    return solved(nb, source, **{"explore": "", **answers})


def cheat(code):
    """Answers that are zeros, and code that should make them count, or do worse; what fails is hidden."""
    tried = f"try:\n{textwrap.indent(code.strip(), '    ')}\nexcept BaseException as error:\n    print(error)"
    return lambda nb: answer(nb, {**ZEROS, "loglik": f"{tried}\n{ZEROS['loglik']}"})


# Honest


def right(nb, source, folder):
    return quick(nb, source)


def partly(nb, source, folder):
    """Forgets the weights in the E-step, which spoils the loop too; writes no text."""
    texts = {name: part(nb, name).source for name in ("derivation", "reading")}
    return quick(nb, source, e_step=WITHOUT_WEIGHTS, **texts)


def underflows(nb, source, folder):
    """Works with probabilities, not with logs."""
    naive = """
        joint = pi * rate ** x[:, None] * np.exp(-rate)
        return joint / joint.sum(axis=1, keepdims=True)"""
    return quick(nb, source, e_step=f"def e_step(x, pi, rate):{naive}")


def in_loops(nb, source, folder):
    """Plain Python, lists for arrays, and helpers of its own in another cell."""
    nb = quick(
        nb, source,
        loglik="def loglik(x, pi, rate):\n    return sum(math.log(sum(joint(n, pi, rate))) for n in x)",
        e_step="def e_step(x, pi, rate):\n"
        "    logs = [[math.log(p) + n * math.log(r) - r for p, r in zip(pi, rate)] for n in x]\n"
        "    return [[1 / sum(math.exp(min(other - own, 700)) for other in row) for own in row] for row in logs]",
        m_step="def m_step(x, q):\n"
        "    q = np.array(q)\n"
        "    return [c.mean() for c in q.T], [sum(x * c) / sum(c) for c in q.T]",
    )  # fmt: skip
    helper = "import math\ndef joint(n, pi, rate):\n"
    helper += "    return [p * math.exp(n * math.log(r) - r - math.lgamma(n + 1)) for p, r in zip(pi, rate)]"
    nb.cells.insert(3, nbformat.v4.new_code_cell(helper))
    return nb


def wrong(nb, source, folder):
    """Types in the numbers of the checks that can be seen."""
    return answer(nb, HARD_CODED[PROJECT])


def blank(nb, source, folder):
    return nb


def plotter(nb, source, folder):
    """Draws, and puts a picture into the words."""
    nb = quick(nb, source, explore=PLOT)
    part(nb, "reading").attachments = {"sketch.png": {"image/png": base64.b64encode(PIXEL).decode()}}
    part(nb, "reading").source += "\n![sketch](attachment:sketch.png) with $\\lambda_k < 3$"
    return nb


# Broken


def deleted(nb, source, folder):
    """Lost two check cells, one of them with its answer cell, which was written anew in another cell."""
    nb = quick(nb, source)
    again = nbformat.v4.new_code_cell(part(nb, "m_step").source)
    gone = ("e_step_check", "m_step", "m_step_check")
    nb.cells = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in gone]
    nb.cells.insert(nb.cells.index(part(nb, "run")), again)
    return nb


def endless(nb, source, folder):
    loop = "def run(x, pi, rate, iterations):\n    while True:\n        pass"
    return quick(nb, source, run=loop, explore="run(notices, 0, 0, 10)")


def stubborn(nb, source, folder):
    """Loops forever, prints, and catches the interrupt, below a function that is right."""
    loop = "while True:\n    try:\n        print('still here')\n    except:\n        pass"
    return quick(nb, source, m_step=f"{part(source, 'm_step').source}\n\n\n{loop}")


def misspelled(nb, source, folder):
    return quick(nb, source, e_step="def e_step(x, pi rate):\n    return x")


def flood(nb, source, folder):
    """50 MB of output in the file, and 50 MB more when it is run."""
    nb = quick(nb, source, explore="print('x' * 50_000_000)")
    part(nb, "explore").outputs = [nbformat.v4.new_output("stream", text="y" * 50_000_000)]
    return nb


def crash(nb, source, folder):
    """Ends Python in the middle, in a cell and in a function."""
    ends = "def loglik(x, pi, rate):\n    os._exit(1)"
    return quick(nb, source, loglik=f"import os\n{ends}", explore="os._exit(1)")


def elsewhere(nb, source, folder):
    """Needs what is not installed."""
    return quick(nb, source, loglik="from not_there import logsumexp\n" + part(source, "loglik").source)


def greedy(nb, source, folder):
    """Asks for more memory than there is."""
    return quick(nb, source, explore="everything = np.ones((100_000, 100_000))")


def copied(nb, source, folder):
    """Pasted a check cell a second time, marks and all."""
    nb = quick(nb, source)
    nb.cells.append(nbformat.from_dict({**part(nb, "run_check"), "id": "pasted"}))
    return nb


def stripped(nb, source, folder):
    """Went through a program that throws the marks of nbgrader away."""
    nb = quick(nb, source)
    for cell in nb.cells:
        cell.metadata = nbformat.from_dict({})
    return nb


def odd(nb, source, folder):
    """Marks, settings and cells as no program writes them, around right answers."""
    nb = json.loads(nbformat.writes(quick(nb, source)))
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in nb["cells"]]
    for name, marks in {"rubric": "a text", "e_step_check": {"grade_id": ["a", "list"]}, "m_step_check": None}.items():
        nb["cells"][names.index(name)]["metadata"]["nbgrader"] = marks
    nb["cells"][names.index("run_check")]["metadata"]["nbgrader"].update(points=100, locked="no", grade=[])
    nb["cells"][names.index("setup")].update(metadata=["no", "settings"], outputs={}, source=["import os"])
    nb["cells"][names.index("reading")]["attachments"] = ["x"]
    nb["cells"] += [7, {}, {"cell_type": ["code"], "source": {"a": 1}}, {"cell_type": "code", "source": "\ud800"}]
    nb["metadata"] = {"kernelspec": {"name": "bash"}, "remarks": "none at all"}
    return json.dumps(nb)


# Hostile


def borrows(nb, source, folder):
    return answer(nb, {**ZEROS, "loglik": FROM_MODEL, "e_step": "", "m_step": ""})


def patches_numpy(nb, source, folder):
    return cheat("np.allclose = lambda *a, **k: True\nnp.testing.assert_allclose = lambda *a, **k: None")(nb)


def patches_checks(nb, source, folder):
    code = "from emcore.exercises import verdict\nverdict.judge = lambda *a, **k: None"
    return cheat(f"{code}\nimport __main__\n__main__.judge = verdict.judge")(nb)


def walks(nb, source, folder):
    return answer(nb, {**ZEROS, "loglik": WALK})


def prints_seed(nb, source, folder):
    return cheat("import os\nprint(dict(os.environ))\nprint(os.environ['EM_COURSE_SEED'])")(nb)


def opens_seed(nb, source, folder):
    return cheat(f"print('seed:', open({str(folder / 'seed.txt')!r}).read())")(nb)


def rewrites_marks(nb, source, folder):
    return cheat(
        f"import sqlite3\nbook = sqlite3.connect({str(folder / 'gradebook.db')!r})\n"
        "book.execute('update grade set manual_score = 100, auto_score = 100')\nbook.commit()"
    )(nb)


def plants_numpy(nb, source, folder):
    planted = folder / "source" / PROJECT / "numpy.py"
    return cheat(
        f"open({str(planted)!r}, 'w').write('raise SystemExit')\nopen('numpy.py', 'w').write('raise SystemExit')"
    )(nb)


def writes_to_neighbor(nb, source, folder):
    return cheat(f"open({str(folder / 'submitted' / 'right' / PROJECT / 'notes.ipynb')!r}, 'w').write('mine')")(nb)


def leaves_children(nb, source, folder):
    sleeper = "import time; time.sleep(600) # LEFT BY A SUBMISSION"
    return cheat(
        "import subprocess, sys\n"
        f"for _ in range(20):\n    subprocess.Popen([sys.executable, '-c', {sleeper!r}], start_new_session=True)"
    )(nb)


def asks_network(nb, source, folder):
    return cheat("import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)")(nb)


def scripts(nb, source, folder):
    """Script wherever a page might run it."""
    act = "<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)><iframe src='javascript:alert(4)'>"
    show = f"from IPython.display import HTML, Javascript, SVG, display\ndisplay(HTML({act!r}), Javascript('alert(5)'))"
    nb = answer(nb, {**ZEROS, "explore": f"{show}\nprint({act!r})\nSVG('<svg onload=\"alert(3)\"></svg>')"})
    part(nb, "reading").source = f"{act}\n\n[click](javascript:alert(6)) ![x](http://192.0.2.1/x.png) **bold** $a<b$"
    return nb


def forges(nb, source, folder):
    """Marks cells of its own as graded, gives points to itself, and writes into the pipe of the grader."""
    nb = cheat(
        "import os\nfor n in range(3, 9):\n    try:\n        os.write(n, b'{\"value\": 1}\\n')\n"
        "    except OSError:\n        pass"
    )(nb)
    own = nbformat.v4.new_code_cell(
        "20.0", metadata={"nbgrader": {**part(nb, "run_check").metadata.nbgrader, "points": 20}}
    )
    nb.cells.insert(0, own)
    nb.metadata["remarks"] = []
    return nb


HONEST = (right, partly, underflows, in_loops, wrong, blank, plotter)
BROKEN = (deleted, endless, stubborn, misspelled, flood, crash, elsewhere, greedy, copied, stripped, odd)
HOSTILE = (borrows, patches_numpy, patches_checks, walks, prints_seed, scripts, forges)
REACHING = (
    opens_seed,
    rewrites_marks,
    plants_numpy,
    writes_to_neighbor,
    leaves_children,
    asks_network,
)  # where apart()
