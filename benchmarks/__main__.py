"""Run every module of this folder, or those that are named: each has a `main()` that prints its lines."""

import pkgutil
import sys
from importlib import import_module

from . import __path__

names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
unknown = set(sys.argv[1:]) - set(names)
if unknown:
    sys.exit(f"no benchmark named {', '.join(sorted(unknown))}; there are: {', '.join(names)}")
for name in sys.argv[1:] or names:
    print(f"\n{name}: {import_module(f'{__package__}.{name}').__doc__.splitlines()[0]}", flush=True)
    import_module(f"{__package__}.{name}").main()
