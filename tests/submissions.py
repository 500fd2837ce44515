"""Sample submissions: answers that only know the visible numbers, and what a class may hand in."""

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


def part(nb, name):
    return next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def answer(nb, answers):
    """The notebook with its answer cells filled in: {name of the cell: source}."""
    for name, source in answers.items():
        part(nb, name).source = source
    return nb


def solved(nb, source):
    """The notebook with the model solution in every answer cell."""
    cells = [cell for cell in source.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    return answer(nb, {cell.metadata.nbgrader.grade_id: cell.source for cell in cells})


def right(nb, source):
    return solved(nb, source)


def partly(nb, source):
    """Forgets the weights in the E-step, which spoils the loop too; writes no text."""
    texts = {name: part(nb, name).source for name in ("derivation", "reading")}
    return answer(solved(nb, source), {"e_step": WITHOUT_WEIGHTS, **texts})


def wrong(nb, source):
    """Types in the numbers of the checks that can be seen."""
    return answer(nb, HARD_CODED[PROJECT])


def blank(nb, source):
    return nb


def deleted(nb, source):
    """Lost two check cells, one of them with its answer cell, which was written anew in another cell."""
    nb = solved(nb, source)
    again = nbformat.v4.new_code_cell(part(nb, "m_step").source)
    gone = ("e_step_check", "m_step", "m_step_check")
    nb.cells = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in gone]
    nb.cells.insert(nb.cells.index(part(nb, "run")), again)
    return nb


def endless(nb, source):
    return answer(solved(nb, source), {"run": "def run(x, pi, rate, iterations):\n    while True:\n        pass"})


def chatty(nb, source):
    return answer(solved(nb, source), {"explore": "while True:\n    print('still running')"})


def misspelled(nb, source):
    return answer(solved(nb, source), {"e_step": "def e_step(x, pi rate):\n    return x"})


def flood(nb, source):
    """50 MB of output in the file, and 50 MB more when it is run."""
    nb = answer(solved(nb, source), {"explore": "print('x' * 50_000_000)"})
    part(nb, "explore").outputs = [nbformat.v4.new_output("stream", text="y" * 50_000_000)]
    return nb


def crash(nb, source):
    """Ends the kernel in the middle."""
    return answer(solved(nb, source), {"explore": "import os\nos._exit(1)"})


def borrowed(nb, source):
    """Lets the course do the work."""
    taken = "from emcore import PoissonMixture\n\n\ndef m_step(x, q):\n    return PoissonMixture().m_step(x, q)"
    return answer(solved(nb, source), {"m_step": taken})


def copied(nb, source):
    """Pasted a check cell a second time, marks and all."""
    nb = solved(nb, source)
    nb.cells.append(nbformat.from_dict({**part(nb, "run_check"), "id": "pasted"}))
    return nb


def stripped(nb, source):
    """Went through a program that throws the marks of nbgrader away."""
    nb = solved(nb, source)
    for cell in nb.cells:
        cell.metadata = nbformat.from_dict({})
    return nb


def stubborn(nb, source):
    """Loops forever and catches the interrupt."""
    loop = "while True:\n    try:\n        pass\n    except:\n        pass"
    return answer(solved(nb, source), {"explore": loop})


SAMPLES = (right, partly, wrong)
BROKEN = (blank, deleted, endless, chatty, misspelled, flood, crash, borrowed, copied, stripped, stubborn)
