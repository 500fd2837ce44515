"""What runs in a box: a student's cells and functions, asked for in lines of JSON, answered in lines of JSON.

    python -I -S inside.py SITE_PACKAGES…    with the box as the current folder

It is copied next to a package `emcore` that holds what students may use, and knows of no check, seed or answer.
Whatever happens here can change nothing but what it answers, and that is judged outside.
"""

import inspect
import json
import os
import shutil
import sys
import traceback

LIMIT = 10_000  # characters of text that are kept of a cell
PICTURE = 4_000_000  # and of a picture, in base64
PICTURES = ("image/png", "image/jpeg")
PROGRAMS = ("os.system", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "subprocess.Popen", "pty.spawn")
FILES = ("open", "sqlite3.connect", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.mkdir", "os.chmod")
NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind")


def pack(value):
    """A value as JSON has it: numbers, texts, lists, tuples and arrays; of anything else its type's name."""
    import numpy as np

    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, list | tuple):
        return {"tuple" if isinstance(value, tuple) else "list": [pack(part) for part in value]}
    try:
        array = np.asarray(value)
        kind = {"b": "bool", "i": "int64", "u": "float64", "f": "float64"}[array.dtype.kind]
        return {"array": array.astype(kind).ravel().tolist(), "dtype": kind, "shape": array.shape}
    except Exception:  # whatever a stranger's type may do
        return {"other": type(value).__name__}


def unpack(packed):
    """The value that was packed; a stranger comes back as an object of no use whose type has its name."""
    import numpy as np

    if not isinstance(packed, dict):
        return packed
    if "array" in packed:
        return np.array(packed["array"], packed["dtype"]).reshape(packed["shape"])[()]
    if "other" in packed:
        return type(str(packed["other"]), (), {})()
    ((kind, parts),) = packed.items()
    return {"list": list, "tuple": tuple}[kind](map(unpack, parts))


class Outputs(list):
    """What a cell shows, in order, as a notebook stores it: text as a stream, pictures, errors. It is `sys.stdout`."""

    encoding, errors = "utf-8", "replace"

    def write(self, text):
        if not text:
            return 0
        if not self or "text" not in self[-1]:
            self.append({"text": "", "length": 0})
        stream = self[-1]
        stream["text"] += text[: LIMIT - len(stream["text"])]
        stream["length"] += len(text)
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return False

    def show(self, data, metadata=None, **_):
        kept = {kind: data[kind] for kind in PICTURES if kind in data and len(data[kind]) <= PICTURE}
        self.append({"data": kept | {"text/plain": str(data.get("text/plain", ""))[:LIMIT]}})

    def fail(self, kind, error):
        where = [f"line {frame.lineno}: {frame.line}" for frame in of_cells(error)][-10:]
        self.append({"error": [kind.__name__, str(error)[:LIMIT], [line[:200] for line in where]]})


def of_cells(error):
    """Where an error happened: the frames of the student's cells."""
    return [frame for frame in traceback.extract_tb(error.__traceback__) if "<ipython" in frame.filename]


class Witness:
    """Notes what a notebook has no need to do; it prevents nothing."""

    def __init__(self, modules):
        self.known = {(module, name): value for module in modules for name, value in vars(module).items()}
        self.noted, self.home = [], (os.getcwd(), "/usr", "/lib", "/etc", "/dev", "/proc", "/sys", *sys.path)
        sys.addaudithook(self.event)
        sys.meta_path.append(self)

    def event(self, event, arguments):
        if event in PROGRAMS:
            self.note("starts a program")
        elif event in NETWORK:
            self.note("asks the network")
        elif event in FILES and isinstance(arguments[0], str | bytes):
            path = os.path.abspath(os.fsdecode(arguments[0]))
            if not path.startswith(self.home):
                self.note(f"reaches for the file {path}")

    def find_spec(self, name, path=None, target=None):
        """Asked for a module that nothing else has found."""
        if name.startswith("emcore."):
            self.note(f"asks for {name}")

    def changed(self):
        for (module, name), value in self.known.items():
            if vars(module).get(name) is not value:
                self.note(f"changes {module.__name__}.{name}")

    def note(self, what):
        if what[:200] not in self.noted and len(self.noted) < 20:
            self.noted.append(what[:200])


def shell_of(outputs):
    """IPython without a terminal, a history or a kernel: cells mean here what they mean in Jupyter."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Hook(DisplayHook):
        def write_output_prompt(self):
            pass

        def write_format_data(self, format_dict, md_dict=None):
            outputs.show(format_dict)

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, **_):
            outputs.show(data)

    class Shell(InteractiveShell):
        displayhook_class, display_pub_class = Hook, Publisher

        def enable_gui(self, gui=None):
            pass

        def _showtraceback(self, etype, evalue, stb):
            outputs.fail(etype, evalue)

    return Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))


def run(shell, outputs, source):
    """Run a cell: what it shows."""
    outputs.clear()
    shell.run_cell(source, store_history=True)
    return {"outputs": list(outputs)}


def look(shell, name):
    """What a name stands for: a function's parameters, or a value."""
    if name not in shell.user_ns:
        return {"missing": True}
    value = shell.user_ns[name]
    if not callable(value):
        return {"value": pack(value)}
    try:
        parameters = inspect.signature(value).parameters.values()
        return {"parameters": [[p.name, int(p.kind), p.default is not p.empty] for p in parameters]}
    except (TypeError, ValueError):
        return {"parameters": None}


def call(shell, outputs, name, arguments):
    """Call a function: what it returns, or its error and the line where it happened."""
    outputs.clear()
    try:
        return {"value": pack(shell.user_ns[name](*map(unpack, arguments)))}
    except BaseException as error:
        lines = [frame.line for frame in of_cells(error)]
        return {"error": [type(error).__name__, str(error)[:LIMIT], lines[-1] if lines else ""]}


def stop(shell, names):
    """Put a refusal in the place of functions that ran too long before."""

    def stopped(*_, **__):
        raise TimeoutError("it ran too long before, and is not called again")

    shell.user_ns.update(dict.fromkeys(names, stopped))
    return {}


def limits(seconds, memory):
    """What the system is asked to hold this process to; not every system has every limit."""
    import resource

    for name, limit in {"CPU": seconds, "AS": memory, "FSIZE": 50 << 20, "NPROC": 0, "NOFILE": 64, "CORE": 0}.items():
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (limit, limit))
        except (AttributeError, ValueError, OSError):
            pass


def main(box, seconds, memory, *packages):
    sys.path[:] = [box, *sys.path, *packages]
    requests, replies = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    limits(int(seconds), int(memory))
    os.register_at_fork(after_in_child=lambda: os._exit(0))
    shutil.copytree(f"{box}/matplotlib", "matplotlib")  # it writes there
    os.environ["MPLCONFIGDIR"] = os.path.abspath("matplotlib")
    import builtins
    import math

    import numpy as np

    outputs = Outputs()
    shell = shell_of(outputs)
    sys.stdout = sys.stderr = outputs
    shell.run_cell("None")  # the first cell takes longer: not at the student's expense
    witness = Witness([np, np.linalg, np.random, math, builtins])
    do = {
        "run": lambda asked: run(shell, outputs, asked["run"]),
        "look": lambda asked: look(shell, asked["look"]),
        "call": lambda asked: call(shell, outputs, asked["call"], asked["with"]),
        "stop": lambda asked: stop(shell, asked["stop"]),
    }
    print(json.dumps({"ready": True}), file=replies, flush=True)
    for line in requests:
        asked = json.loads(line)
        reply = do[next(iter(asked))](asked)
        witness.changed()
        print(json.dumps({**reply, "noted": witness.noted}), file=replies, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
