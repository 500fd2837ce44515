"""The run: each mutant in a process of its own, before the tests that call its function."""

import argparse
import hashlib
import importlib.machinery
import inspect
import json
import os
import random
import resource
import sys
import time
from collections import Counter
from functools import partial

import tools.mutants
from tools.mutants.changes import ROOT, equivalents, select

KNOWN = ROOT / "_build" / "mutants.json"  # which tests call which function, for one state of the tree
WHAT = ["core", "history", "mixture", "numerics", "theta", "validate", "models", "checkup", "laws", "exercises"]
WHAT += [f"figures/{name}" for name in ("pages", "stepper", "page", "paint", "scenes", "look")]

FAULT = 99  # the exit status of a child whose mutant stopped even pytest
OPTIONS = ["-qq", "--no-header", "--no-summary", "-s", "-p", "no:cacheprovider", "--hypothesis-profile=thorough"]


class Loop:
    """In place of pytest's own loop over the tests that it collected: the mutation run."""

    def __init__(self, found, processes, budget):
        self.found, self.processes, self.budget, self.results = found, processes, budget, {}

    def pytest_runtestloop(self, session):
        if session.testsfailed:
            sys.exit("the tests cannot be collected: run pytest to see why")
        self.items = {item.nodeid: item for item in session.items}
        self.known = measured(session.items)
        waiting, running = list(reversed(self.found)), {}
        while waiting or running:
            while waiting and len(running) < self.processes:
                mutant = waiting.pop()
                if tests := choose(mutant, self.known, self.budget):
                    running[in_child(partial(self.meet, mutant, tests))] = mutant
                else:
                    self.note(mutant, "no test")
            if running:
                child, status = os.wait()
                self.note(running.pop(child), "killed" if status else "survived")
        return True

    def note(self, mutant, what):
        self.results[mutant] = what
        if what != "killed":
            print(f"{what.upper()} {mutant}", flush=True)

    def meet(self, mutant, tests):
        """In a child: 1 when a test fails beside the mutant, 0 when none does."""
        resource.setrlimit(resource.RLIMIT_CPU, (int(30 + 5 * sum(tests.values())),) * 2)
        resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30,) * 2)
        if put_in_place(mutant) and execute([self.items[test] for test in tests]):
            return 1
        return afresh(mutant, list(tests))  # what was computed when the tests were collected, too


def put_in_place(mutant):
    """Give the imported function the mutant's code; False where it is no function's code."""
    owner = sys.modules.get(mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    for name in mutant.function.split(".") if mutant.function and owner else ():
        owner = vars(owner).get(name)
    function = inspect.unwrap(getattr(owner, "fget", None) or getattr(owner, "__func__", None) or owner)
    if not inspect.isfunction(function):
        return False
    waiting = [mutant.code()]
    while waiting:
        code = waiting.pop()
        if code.co_qualname == mutant.function and code.co_firstlineno == function.__code__.co_firstlineno:
            function.__code__ = code
            return True
        waiting += [constant for constant in code.co_consts if inspect.iscode(constant)]
    return False


def execute(items, before=lambda item: None, after=lambda item: None):
    """Run collected tests until one fails; was there one?"""
    for item, following in zip(items, [*items[1:], None], strict=True):
        before(item)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        after(item)
        if item.session.testsfailed:
            return True
    return False


def afresh(mutant, tests):
    """Import emcore and the tests anew, emcore with the mutant: pytest's exit status."""
    import pytest

    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith((f"{ROOT}/emcore", f"{ROOT}/tests")):
            del sys.modules[name]
    code, path = mutant.code(), str(ROOT / mutant.path)
    loader = importlib.machinery.SourceFileLoader
    as_it_stands = loader.get_code
    loader.get_code = lambda self, name: code if self.path == path else as_it_stands(self, name)
    files = sorted({test.partition("::")[0] for test in tests})
    return int(pytest.main([*OPTIONS, "-x", *files], plugins=[Chosen(tests)]))


class Chosen:
    """Run these tests only, in this order."""

    def __init__(self, tests):
        self.place = {test: i for i, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items):
        items[:] = sorted(
            (item for item in items if item.nodeid in self.place), key=lambda item: self.place[item.nodeid]
        )


def in_child(task):
    """Fork; the child says nothing, and task() is its exit status."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        try:
            os._exit(task())
        except BaseException:
            os._exit(FAULT)
    return child


def measured(items):
    """{test: (seconds, functions of emcore that it calls)}: each file of tests runs once, anew when it changes."""
    shared = [*sorted(ROOT.glob("emcore/**/*.py")), *sorted(ROOT.glob("tests/*.py"))]
    known = json.loads(KNOWN.read_text()) if KNOWN.exists() else {}
    files = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    for path, tests in files.items():
        state = hashlib.sha256(b"".join(file.read_bytes() for file in [*shared, path])).hexdigest()
        if known.get(path.name, {}).get("state") == state:
            continue
        print(f"running {path.name} once, to see which test calls what", flush=True)
        _, status = os.waitpid(in_child(partial(_measure, tests)), 0)
        if status:
            sys.exit(f"{path.name} fails without any mutant")
        known[path.name] = {"state": state, "tests": json.loads(KNOWN.with_suffix(".new").read_text())}
        KNOWN.write_text(json.dumps(known))
    return {test: entry for path in files for test, entry in known[path.name]["tests"].items()}


def _measure(items):
    calls, seconds = {}, {}

    def trace(frame, event, arg):
        if frame.f_code.co_filename.startswith(f"{ROOT}/emcore"):
            function = frame.f_code.co_qualname.partition(".<locals>")[0]
            now.add(f"{os.path.relpath(frame.f_code.co_filename, ROOT)}:{function}")

    def before(item):
        nonlocal now
        now = calls[item.nodeid] = set()
        seconds[item.nodeid] = -time.process_time()
        sys.settrace(trace)

    def after(item):
        sys.settrace(None)
        seconds[item.nodeid] += time.process_time()

    now = set()
    failed = execute(items, before, after)
    KNOWN.parent.mkdir(exist_ok=True)
    KNOWN.with_suffix(".new").write_text(json.dumps({test: (seconds[test], sorted(calls[test])) for test in calls}))
    return int(failed)


def choose(mutant, known, budget):
    """{test: seconds}: those that call the mutant's function (or, for a file's own lines, anything of the file),
    the quickest first, as many as the budget of seconds allows."""
    function = f"{mutant.path}:{mutant.function}"
    calls = {
        test: seconds
        for test, (seconds, called) in known.items()
        if (function in called if mutant.function else any(name.startswith(function) for name in called))
    }
    chosen = {}
    for test in sorted(calls, key=calls.get):
        if chosen and sum(chosen.values()) + calls[test] > budget:
            break
        chosen[test] = calls[test]
    return chosen


def main():
    default = [f"emcore/{n}{s}" for n in WHAT for s in ("", ".py") if (ROOT / f"emcore/{n}{s}").exists()]
    parser = argparse.ArgumentParser(
        description=tools.mutants.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("where", nargs="*", default=default, help="files, folders, or FILE:LINE")
    parser.add_argument("--tests", nargs="*", default=["tests/unit"], help="test files or folders")
    parser.add_argument("--sample", type=int, help="only so many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", "-n", type=int, default=os.cpu_count())
    parser.add_argument("--budget", type=float, default=60, help="seconds of tests a mutant meets at most")
    args = parser.parse_args()
    os.chdir(ROOT)

    found = select(args.where)
    same = equivalents()
    everywhere = len(found)
    found = [m for m in found if (m.path, m.text, m.change) not in same]
    print(f"{everywhere} mutants, {everywhere - len(found)} of them equivalent")
    if args.sample and args.sample < len(found):
        found = random.Random(args.seed).sample(found, args.sample)

    import pytest

    start, loop = time.monotonic(), Loop(found, args.processes, args.budget)
    pytest.main([*OPTIONS, *args.tests], plugins=[loop])
    total = Counter(m.path for m in loop.results)
    killed = Counter(m.path for m, what in loop.results.items() if what == "killed")
    for path in total:
        print(f"{path:34} {killed[path]:5} of {total[path]:5} killed, {killed[path] / total[path]:.1%}")
    share = killed.total() / max(1, total.total())
    print(f"{killed.total()} of {total.total()} killed, {share:.1%}, in {time.monotonic() - start:.0f} s")
    sys.exit(share < 0.9)


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
