"""Print the nodes of a stack before anything is started.

.venv/bin/python examples/compose_a_stack.py app=demo episodes=2
"""

import sys

from handiwork_app.compose import compose
from handiwork_app.words import load_config

for process in compose(load_config(sys.argv[1:] or ["app=sim"])):
    print(f"{process.namespace}/{process.name}: {process.package} {process.executable}")
    for name, value in process.parameters.items():
        print(f"    {name}: {value}")
