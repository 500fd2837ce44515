# Each target makes what it needs: its own Python environment first, on Python 3.11 or newer.
PYTHON ?= python3
PY := .venv/bin/python
READY := .venv/ready

.PHONY: book lite bundle serve test notebooks repository has-url student package bench clean

book: $(READY) _build/.emcore            ## the whole book
	$(PY) tools/frontend.py
	.venv/bin/jupyter-book build . -W -n --keep-going --all
	$(PY) -m tools.student
	$(PY) tools/lite.py "$(PYODIDE)"
	@echo; echo "The book is ready. Open $(CURDIR)/_build/html/index.html"

lite: $(READY)                           ## JupyterLite in the book; make lite PYODIDE=folder for one without network
	$(PY) tools/frontend.py
	$(PY) -m tools.student
	$(PY) tools/lite.py "$(PYODIDE)"

bundle: book                             ## one zip to read and run offline; with PYODIDE=folder, JupyterLite too
	$(PY) tools/bundle.py

serve: book                              ## the book on http://localhost:8000
	$(PY) -m http.server 8000 --bind localhost --directory _build/html

test: book                               ## everything that must hold
	$(PY) -m ruff check .
	$(PY) -m pytest tests
	$(PY) -m tools.claims --copies
	$(PY) -m pytest --nbval --nbval-current-env --nbval-cell-timeout 120 -n 2 --dist loadscope _build/nbval

notebooks: $(READY)                      ## run and clean the notebooks, ready to commit
	$(PY) tools/launch.py
	$(PY) tools/notebooks.py

student: $(READY)                        ## the edition without solutions, as notebooks and as a zip
	$(PY) -m tools.student

repository: has-url $(READY)                     ## make repository URL=https://… [BRANCH=main]: another public address
	$(PY) tools/launch.py "$(URL)" $(BRANCH)

has-url:
	@test -n "$(URL)" || { echo "Say which: make repository URL=https://github.com/OWNER/NAME [BRANCH=main]"; exit 1; }

package: $(READY)                        ## emcore's wheel and sdist, tried in fresh environments
	$(PY) tools/package.py

bench: book                              ## what the claims about speed and size are measured with
	$(PY) -m benchmarks

clean:                                   ## what was built or fetched; .venv stays
	rm -rf _build node_modules book/static/vendor

$(READY): requirements.txt requirements-teaching.txt requirements-dev.txt constraints.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "No $(PYTHON) here: install Python 3.11 or newer, or say make PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ": say make PYTHON=/path/to/python")'
	@echo "Installing the course environment into .venv (a few minutes the first time)"
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --disable-pip-version-check -r requirements-dev.txt || { echo "pip failed, see above. It needs the network the first time."; exit 1; }
	@touch $@

# Cached notebook runs know nothing of emcore: forget them when it or the environment changes.
_build/.emcore: $(READY) $(shell find emcore -type f -not -path '*/__pycache__/*')
	rm -rf _build/.jupyter_cache
	@mkdir -p _build && touch $@
