# `make` builds the environment and the reports; `make help` names the other targets.
SHELL := bash
.DEFAULT_GOAL := report
.DELETE_ON_ERROR:
.PHONY: report examples calibrate plan answers quick test golden large seeds lint cmdstan slurm spark lock clean help

PYTHON ?= python3
UV := uv==0.13.9
# What runs, and on top of it what develops: either is installed once, when it is first needed.
READY := .venv/ready
READY_DEV := .venv/ready-dev
# Snakemake's jobs and notebooks find the environment's python by the PATH.
IN := PATH="$(CURDIR)/.venv/bin:$$PATH"
INSTALL := .venv/bin/pip install -qq --disable-pip-version-check --require-hashes
COMPILE := .cache/uv/bin/uv pip compile --quiet --universal --python-version 3.11 \
  --fork-strategy fewest --generate-hashes --custom-compile-command "make lock"
NAMED := $(PYTHON) -c 'import sys, tomllib; \
  found = tomllib.load(open("pyproject.toml", "rb")); \
  [found := found[key] for key in sys.argv[1:]]; print(*found, sep="\n")'

report: $(READY)  ## the environment, then the workflow to reports/; ARGS="..." goes to snakemake
	@$(IN) snakemake $(ARGS)
	@for page in "$(CURDIR)"/reports/*.html; do [ ! -e "$$page" ] || echo "Report: $$page"; done

examples: $(READY)  ## the reports of the two public examples too
	@$(MAKE) --no-print-directory report ARGS="--configfile examples.yaml $(ARGS)"

calibrate: $(READY)  ## do the models find again what simulated data were drawn with; some minutes
	@$(IN) snakemake calibrate $(ARGS)

plan: $(READY)  ## how many contacts the experiments in `plans` need, before there are data
	@$(IN) snakemake plan $(ARGS)

answers: $(READY)  ## are best arms, risks and the worth of experiments what they are said to be; minutes
	@$(IN) python -m partialpool.calibration.answers $(ARGS)

quick: $(READY_DEV)  ## the tests that neither run the workflow nor fit a model, in two minutes; ARGS="..."
	@$(IN) pytest --numprocesses 2 -m "not run and not fit and not large and not spark" $(ARGS)

test: $(READY_DEV)  ## every test, two at a time, after installing what they need; ARGS="..." goes to pytest
	@cmdstan=$$(tests/prerequisites.sh); \
	if [ -n "$$cmdstan" ]; then export CMDSTAN="$$cmdstan"; fi; \
	$(IN) pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

golden: $(READY_DEV)  ## the wording of reports as tests/golden/ holds it, written anew from short runs
	@$(IN) pytest -m "" --rewrite-golden tests/report/test_golden.py $(ARGS)

large: $(READY_DEV)  ## the tests of full-size models and data, which `make test` leaves out
	@$(IN) pytest -m large $(ARGS)

seeds: $(READY_DEV)  ## does a shipped example pass its verdict with ten other seeds; some minutes
	@$(IN) pytest -m large tests/test_seeds.py $(ARGS)

lint: $(READY_DEV)  ## style, types and Snakemake's own checks
	@$(IN) ruff check
	@$(IN) ruff format --check
	@$(IN) mypy
	@$(IN) snakefmt --check Snakefile workflow/Snakefile workflow/rules
	@$(IN) snakemake --lint

cmdstan: $(READY)  ## the newest CmdStan into ~/.cmdstan, by CmdStanPy; needs a C++ compiler and make
	@$(IN) install_cmdstan --cores "$$(getconf _NPROCESSORS_ONLN)" $(ARGS) \
	|| { echo "make: no CmdStan; conda has one (environment.yml), or name another in CMDSTAN;" \
	"without one the models are sampled by stanli" >&2; exit 1; }

slurm: $(READY)  ## Snakemake's Slurm plugin into .venv, for profiles/slurm
	@$(INSTALL) -r requirements-slurm.lock

spark: $(READY_DEV)  ## Spark as a source: pyspark into .venv (1 GB), then the tests that need it
	@$(INSTALL) -r requirements-spark.lock
	@$(IN) pytest -m spark $(ARGS)

lock:  ## every lock from pyproject.toml; ARGS=--upgrade for the newest versions in its ranges
	@$(PYTHON) -m venv .cache/uv
	@.cache/uv/bin/pip install -qq --disable-pip-version-check $(UV)
	@$(COMPILE) --extra lint --extra postgresql --extra slurm --extra test $(ARGS) \
	  --output-file requirements-dev.lock pyproject.toml - <<<"$$($(NAMED) build-system requires)"
	@$(COMPILE) --constraints requirements-dev.lock \
	  --output-file requirements.lock pyproject.toml - <<<"$$($(NAMED) build-system requires)"
	@$(COMPILE) --constraints requirements-dev.lock \
	  --output-file requirements-slurm.lock - <<<"$$($(NAMED) project optional-dependencies slurm)"
	@$(COMPILE) --constraints requirements-dev.lock $(ARGS) \
	  --output-file requirements-spark.lock - <<<"$$($(NAMED) project optional-dependencies spark)"

clean:  ## results, reports and caches away; the environment stays
	@[ ! -d results ] || find results -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	@rm -rf reports/*.html reports/.*.sha256 reports/calibration reports/plan .snakemake .cache .hypothesis .pytest_cache .mypy_cache .ruff_cache

help:  ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	|| { echo "make: $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo 'not there'), expected" \
	"Python 3.11 or later; name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	|| { echo "make: $(PYTHON) has no venv; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing the locked packages into .venv: about a minute, 0.8 GB"
	@$(PYTHON) -m venv --clear .venv
	@$(INSTALL) -r requirements.lock
	@.venv/bin/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(READY_DEV): $(READY) requirements-dev.lock
	@echo "Installing what tests and checks need into .venv: half a minute, 0.3 GB more"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@
