"""Trying a policy at its task while it learns, to keep the best."""

from collections.abc import Callable

import numpy as np

from handiwork_app.rollout import Slice, roll_out
from handiwork_app.settings import BadSetting, Config
from handiwork_app.simulated import environments
from policies.acting import ActingPolicy
from policies.generator import ActionGenerator
from policies.spec import PolicySpec

# Seeds of no evaluation (from 100000 on) and of no demonstration (from 0 on): what is chosen by
# some episodes is measured by others.
FIRST_SEED = 50_000


def make_trial(config: Config, episodes: int) -> Callable[[ActionGenerator, PolicySpec], float]:
    """What gives the mean score over some episodes of the task, always the same ones.

    Raises:
        BadSetting: the task's simulation is not installed.
    """
    make_environment = environments(config.task.name, config.obs)
    try:
        make_environment()
    except ImportError as error:
        raise BadSetting(
            f"training.rollout_every wants the simulation of {config.task.name}, which is not "
            f"installed: {error}. Say training.rollout_every=0 to train without trials."
        ) from error
    seeds = range(FIRST_SEED, FIRST_SEED + episodes)

    def trial(policy: ActionGenerator, spec: PolicySpec) -> float:
        acting = ActingPolicy(policy, spec, device=next(policy.parameters()).device)
        horizon = acting.horizon
        rows = Slice(observed=horizon.observed_steps, executed=horizon.executed_steps)
        runs = roll_out(make_environment, acting, rows, seeds)
        return float(np.mean([run.score for run in runs]))

    return trial
