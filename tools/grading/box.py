"""A student's Python, in a process of its own that can reach nothing of ours, and its functions as ours.

A Box starts such a process with inside.py, asks it, ends it with all that it started, and lets a new one take over
where a cell or a function ended it or ran too long. On Linux the process sees no network and no files but its own
(apart.sh), where the system allows that: `apart()` has tried.
"""

import ast
import builtins
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from inspect import Parameter, Signature
from pathlib import Path

from tools.grading.inside import pack, unpack

HERE = Path(__file__).parent
EMCORE = HERE.parents[1] / "emcore"
OPEN = ("data.py", "numerics.py", "validate.py", "datasets")  # of emcore, what holds no answer
MEMORY = 2 << 30  # bytes
LONGEST = 64 << 20  # bytes of one answer
UNSHARE = "unshare --user --map-root-user --mount --net --ipc --uts --pid --fork --kill-child sh"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64")
ANSWERS = {
    "run": {"outputs"},
    "look": {"missing", "value", "parameters"},
    "call": {"value", "error"},
    "stop": {"noted"},
}
PLAIN = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",  # a box may start no threads
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


class Ended(Exception):
    """The process ended before it answered, or said what is no answer."""


class TooLong(Exception):
    """The process used up its time, and was ended."""


def fill(folder, whole):
    """Put into a box what it holds: inside.py, emcore or the part of it without answers, the list of fonts."""
    shutil.copy(HERE / "inside.py", folder)
    ignore = shutil.ignore_patterns("__pycache__", *([] if whole else {p.name for p in EMCORE.iterdir()} - set(OPEN)))
    shutil.copytree(EMCORE, folder / "emcore", ignore=ignore)
    if not whole:
        (folder / "emcore" / "__init__.py").write_text("from . import data\n")
    (folder / "matplotlib").mkdir()
    for path in fonts():
        shutil.copy(path, folder / "matplotlib")


@cache
def fonts():
    """Matplotlib's list of fonts, made here where there was none: a box has not the means."""
    from matplotlib import font_manager, get_cachedir  # noqa: F401

    return list(Path(get_cachedir()).glob("fontlist-*.json"))


@cache
def apart():
    """Whether this machine can shut a box off from the network and from all files but its own."""
    if not (sys.platform.startswith("linux") and shutil.which("unshare")):
        return False
    with Box(shut=True) as box:
        try:
            return "error" not in box.ask({"run": "import numpy"})
        except (Ended, TooLong):
            return False


class Box:
    """A process for one submission; each answer may take `seconds`, all of them together four times as long."""

    def __init__(self, whole=False, seconds=30, shut=None):
        self.whole, self.seconds, self.left, self.shut = whole, seconds, 4 * seconds, shut
        self.process, self.folder, self.replay, self.stopped, self.noted = None, None, [], [], []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def run(self, source):
        """Run a cell: what it shows, as inside.Outputs has it."""
        try:
            outputs = self.ask({"run": source})["outputs"]
            self.replay.append(source)
            return outputs if isinstance(outputs, list) else []
        except TooLong:
            error = ["CellTimeoutError", f"it ran longer than {self.seconds} seconds and was stopped", []]
        except Ended:
            error = ["DeadKernelError", "it ended Python, or used too much memory", []]
        self.replay.append(definitions(source))
        return [{"error": error}]

    def get(self, name):
        """What a name stands for in there: a function of ours that calls it, or a value; NameError."""
        with contextlib.suppress(Exception):  # an answer that cannot be read is none
            reply = self.ask({"look": name})
            if "parameters" in reply:
                return Function(self, name, reply["parameters"])
            if "value" in reply:
                return unpack(reply["value"])
        raise NameError(f"name {name!r} is not defined")

    def call(self, name, arguments):
        """What a function in there returns; its error, if it is one of Python's own, is raised here."""
        if name in self.stopped:
            raise TimeoutError("it ran too long before, and is not called again")
        try:
            reply = self.ask({"call": name, "with": [pack(value) for value in arguments]})
            if "value" in reply:
                return unpack(reply["value"])
            kind, text, line = map(str, reply["error"])
        except TooLong:
            self.stopped.append(name)
            raise TimeoutError(f"it ran longer than {self.seconds} seconds and was stopped") from None
        except Ended:
            self.stopped.append(name)
            raise RuntimeError("it ended Python, or used too much memory") from None
        except Exception:
            raise RuntimeError("what it returns cannot be read") from None
        raise error_of(kind, f"{text} (at `{line.strip()}`)" if line else text)

    def ask(self, request):
        """Send a request, to a new process if there is none: its reply. Ended or TooLong where none came."""
        began = time.monotonic()
        try:
            if self.left <= 0:
                raise TooLong
            if self.process is None:
                self.start()
                for source in self.replay:
                    self.exchange({"run": source}, self.seconds)
                    self.exchange({"stop": self.stopped}, self.seconds)  # before a later cell calls them again
            return self.exchange(request, min(self.seconds, self.left))
        except (Ended, TooLong):
            self.end()
            raise
        finally:
            self.left -= time.monotonic() - began

    def start(self):
        self.folder = tempfile.TemporaryDirectory(prefix="em-box-", ignore_cleanup_errors=True)
        top = Path(self.folder.name).resolve()
        for name in ("box", "scratch", "root"):
            (top / name).mkdir()
        fill(top / "box", self.whole)
        python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
        packages = [os.path.realpath(path) for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
        limits = [str(int(4 * self.seconds) + 10), str(MEMORY)]
        command = [python, "-I", "-S", "-B", str(top / "box" / "inside.py"), str(top / "box"), *limits, *packages]
        if apart() if self.shut is None else self.shut:
            seen = [*SYSTEM, os.path.realpath(sys.base_prefix), *packages, str(top / "box")]
            command = [*UNSHARE.split(), str(HERE / "apart.sh"), str(top / "root"), *seen, "--", *command]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=top / "scratch", env=PLAIN | {"HOME": str(top / "scratch")}, start_new_session=True,
        )  # fmt: skip
        os.set_blocking(self.process.stdin.fileno(), False)
        self.exchange(None, 60)

    def exchange(self, request, seconds):
        """Write a request, and read one line of JSON: a dict."""
        end, message, reply = time.monotonic() + seconds, b"", b""
        if request:
            message = json.dumps(request).encode() + b"\n"
        inward, outward = self.process.stdin.fileno(), self.process.stdout.fileno()
        while not reply.endswith(b"\n"):
            wait = max(0, end - time.monotonic())
            readable, writable, _ = select.select([outward], [inward] if message else [], [], wait)
            if not readable and not writable:
                raise TooLong
            try:
                if writable:
                    message = message[os.write(inward, message[:65536]) :]
                part = os.read(outward, 65536) if readable else None
            except OSError:
                raise Ended from None
            if part == b"" or len(reply) > LONGEST:
                raise Ended
            reply += part or b""
        try:
            found = json.loads(reply)
            new = [str(note)[:200] for note in found.get("noted", [])]
        except (ValueError, RecursionError, AttributeError, TypeError):
            raise Ended from None
        if request and not ANSWERS[next(iter(request))] & found.keys():
            raise Ended
        self.noted += [note for note in new if note not in self.noted]
        return found

    def end(self):
        """End the process and all that it started; forget its folder."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.folder.cleanup()
        self.process = None


class Function:
    """A function in a box, as checks call it."""

    def __init__(self, box, name, parameters):
        self.box, self.__name__ = box, name
        try:
            parts = [Parameter(n, kind, default=None if has else Parameter.empty) for n, kind, has in parameters]
            self.__signature__ = Signature(parts)
        except (TypeError, ValueError):
            pass  # nothing is known of what it takes

    def __call__(self, *arguments):
        return self.box.call(self.__name__, arguments)


def definitions(source):
    """What is left of a cell that must not run again: its imports, functions and classes."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return ""
    kept = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)]
    return "\n".join(map(ast.unparse, kept))


def error_of(kind, text):
    """An error of Python's own kinds, or a RuntimeError."""
    known = getattr(builtins, kind, None)
    if not (isinstance(known, type) and issubclass(known, Exception)):
        return RuntimeError(f"{kind}: {text}")
    try:
        return known(text)
    except TypeError:
        return RuntimeError(f"{kind}: {text}")
