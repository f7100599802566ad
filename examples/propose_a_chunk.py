"""Ask the shipped policy where to push, without ROS and without a simulator.

.venv/bin/python examples/propose_a_chunk.py
"""

import numpy as np

from handiwork.data.push_t import observation
from handiwork_app.shipped import shipped_checkpoint
from policies.loading import load_policy

policy = load_policy(shipped_checkpoint("push_t", "diffusion"))
policy.reset(seed=0)
agent = np.array([200.0, 120.0])  # [px] in the benchmark's plane of 512 px
block = np.array([300.0, 250.0, 0.5])  # x, y [px], angle [rad]
window = np.repeat(observation(agent, block)[None], policy.horizon.observed_steps, axis=0)
(chunk,) = policy.propose({"state": window}, count=1)  # (H, 2) targets [px], one every 0.1 s
for row, (x, y) in enumerate(chunk):
    print(f"row {row:2d}: x {x:6.1f} px, y {y:6.1f} px")
