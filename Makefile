# The words of this project. `make help` lists them.

# The first Python 3.11 or 3.12 that really runs; a pyenv shim on PATH may not.
PYTHON := $(shell for python in python3 python3.12 python3.11 /usr/bin/python3; do \
	"$$python" -c 'import sys; raise SystemExit(sys.version_info[:2] not in ((3, 11), (3, 12)))' \
	2>/dev/null && echo "$$python" && break; done)

# Everything here uses the project's own ROS, as wheels, also where a system ROS is sourced.
unexport ROS_DISTRO ROS_VERSION ROS_PYTHON_VERSION AMENT_PREFIX_PATH CMAKE_PREFIX_PATH \
	COLCON_PREFIX_PATH PYTHONPATH

RUN = .venv/bin/python -m handiwork_app.environment

.PHONY: help setup demo test check results bench-peers emulators hands

help:  ## Say what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/'

setup:  ## Install what is missing and build the ROS workspace; nothing twice
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or 3.12 runs here. Install one: sudo apt-get install python3 python3-venv python3-dev" >&2; exit 1; }
	@$(PYTHON) -m handiwork_app.set_up

demo: setup  ## Run the main job headless: five episodes through ROS on the simulated arm
	@$(RUN) handiwork demo

test: setup  ## Run all tests
	@$(RUN) pytest -q

check: setup  ## Format, lint, types and the direction of imports
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@$(RUN) pyright
	@$(RUN) lint-imports

emulators: setup  ## Install what stands in for hardware in the tests
	@.venv/bin/python -m handiwork_app.emulators

hands: setup  ## Install the hand detector in an environment of its own
	@.venv/bin/python -m handiwork_app.hands_environment

results:  ## Make docs/results.md of the files in docs/results
	@.venv/bin/python -m handiwork_app.results

bench-peers: setup  ## Measure the policies beside LeRobot's, which gets an environment of its own
	@test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --no-deps --requirement peers/requirements.txt
	@$(RUN) handiwork bench policies measure.peers=true
