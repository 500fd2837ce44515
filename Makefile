# Each target makes what it needs: its own Python environment first, on Python 3.11 or newer.
PYTHON ?= python3
PY := .venv/bin/python
READY := .venv/ready
TEACHING := .venv/teaching

.PHONY: check test book bundle serve notebooks repository has-url student release collect \
	grade feedback marks exercises mutants package bench clean frontend

check: frontend                          ## the fast loop, a minute: style, types, every test that needs no book
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest -n 2 --dist worksteal tests/unit

test: $(READY)                           ## everything that must hold: the book is built beside the fast loop
	$(MAKE) -j 2 check book
	$(PY) -m pytest -n 2 --dist loadgroup tests/book tests/browser
	$(PY) -m pytest --nbval --nbval-current-env --nbval-cell-timeout 120 -n 2 --dist loadscope notebooks
	@cat _build/not-tested.txt

book: frontend                           ## the whole book; make book PYODIDE=folder for a JupyterLite without network
	$(PY) -m tools.book "$(PYODIDE)"

frontend: $(READY)                       ## what pages carry along, and what tries the figure's element
	$(PY) -m tools.frontend

bundle: book                             ## one zip to read and run offline; with PYODIDE=folder, JupyterLite too
	$(PY) tools/bundle.py

serve: book                              ## the book on http://localhost:8000
	$(PY) -m http.server 8000 --bind localhost --directory _build/html

notebooks: $(READY)                      ## run and clean the notebooks, ready to commit
	$(PY) -m tools.launch
	$(PY) tools/notebooks.py

student: $(TEACHING)                     ## the edition without solutions, as notebooks and as a zip
	$(PY) -m tools.student

GIVEN = $(foreach name,ASSIGNMENT FROM AGAIN ROSTER FOR,$(if $($(name)),"$(name)=$($(name))"))
release collect grade feedback marks: $(TEACHING)   ## from handing out to the marks: book/teaching.md has them all
	$(PY) -m tools.grading $@ $(GIVEN)

repository: has-url $(READY)             ## make repository URL=https://… [TAG=v…]: the public address, and the release
	$(PY) -m tools.launch "$(URL)" $(TAG)

has-url:
	@test -n "$(URL)" || { echo "Say which: make repository URL=https://github.com/OWNER/NAME [TAG=v1.0.0]"; exit 1; }

package: $(READY)                        ## emcore's wheel and sdist, tried in fresh environments
	$(PY) tools/package.py

mutants: $(READY)                        ## changes of emcore that no unit test notices; hours
	$(PY) -m tools.mutants
	$(PY) -m tools.mutants.javascript

exercises: $(READY)                      ## what each check accepts: right answers, wrong ones, mutants of the solution
	$(PY) tests/exercise_mutants.py $(CHAPTERS)

bench: book                              ## what the claims about speed and size are measured with
	$(PY) -m benchmarks

clean:                                   ## what was built or fetched; .venv stays
	rm -rf _build node_modules book/static/vendor

define install
@command -v $(PYTHON) >/dev/null || { echo "No $(PYTHON) here: install Python 3.11 or newer, or say make PYTHON=/path/to/python"; exit 1; }
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ": say make PYTHON=/path/to/python")'
@echo "Installing the course environment into .venv (a few minutes the first time)"
$(PYTHON) -m venv .venv
$(PY) -m pip install --disable-pip-version-check -r $(1) || { echo "pip failed, see above. It needs the network the first time."; exit 1; }
@touch $@
endef

$(READY): requirements.txt requirements-teaching.txt requirements-dev.txt constraints.txt pyproject.toml
	$(call install,requirements-dev.txt)
	@touch $(TEACHING)

$(TEACHING): requirements.txt requirements-teaching.txt constraints.txt pyproject.toml   # less than READY
	$(call install,requirements-teaching.txt)
