"""LeRobot's diffusion model, timed: run by `handiwork bench` in the environment of bench-peers.

    .venv-peers/bin/python peers/lerobot_diffusion.py '{"channels": [64, 128, 256], "state": 2,
        "environment": 16, "actions": 2, "threads": 0, "device": "cpu"}'

Says a JSON object when it is ready. Then each line on stdin is a question, answered by an object:
    ["chunk", "ddim", 10]    seconds of a chunk of a batch of one, by so many steps
    ["train", 64, 5]         seconds of each of five steps of training with batches of 64
"""

import importlib.metadata
import importlib.util
import json
import sys
import time
import types
from pathlib import Path

import torch

HORIZON, OBSERVED, EXECUTED = 16, 2, 8
CLIP_GRADIENTS = 10.0  # LeRobot's own training clips them to this
DEVIATIONS = (
    "torch, diffusers and other packages are newer than LeRobot's stated ranges, and the same as "
    "ours",
    "torchvision is an empty stand-in, since its wheels do not load beside a CPU build of torch; "
    "a policy of states calls nothing of it; nor of PyAV, which is empty likewise",
    "the package lerobot.policies is entered without running its __init__, which imports every "
    "policy",
    "normalisation and action queues are left out; only the model's own time is measured",
    "training is timed with random batches in memory, without loader, learning-rate schedule or "
    "moving average of the weights",
)


def main() -> None:
    """Answer questions until stdin ends."""
    sizes = json.loads(sys.argv[1])
    if sizes["threads"]:
        torch.set_num_threads(sizes["threads"])
    torch.manual_seed(0)
    torch.backends.cudnn.benchmark = True  # as LeRobot's own programs set these two
    torch.backends.cuda.matmul.allow_tf32 = True
    _enter_without_init("lerobot.policies")
    policy = make_policy(sizes).to(sizes["device"])
    parameters = sum(item.numel() for item in policy.parameters())
    facts = {"parameters": parameters, "executed": EXECUTED}
    say({**facts, "versions": versions(), "deviations": DEVIATIONS})
    optimiser = policy.config.get_optimizer_preset().build(policy.get_optim_params())
    for line in sys.stdin:
        match json.loads(line):
            case ["chunk", sampler, steps]:
                say({"seconds": chunk_seconds(policy, sizes, sampler, steps)})
            case ["train", batch_size, steps]:
                say({"seconds": train_seconds(policy, optimiser, sizes, batch_size, steps)})


def make_policy(sizes: dict) -> torch.nn.Module:
    """LeRobot's policy of states, with random weights."""
    from lerobot.configs.types import FeatureType, PolicyFeature
    from lerobot.policies.diffusion.configuration_diffusion import DiffusionConfig
    from lerobot.policies.diffusion.modeling_diffusion import DiffusionPolicy

    config = DiffusionConfig(
        n_obs_steps=OBSERVED,
        horizon=HORIZON,
        n_action_steps=EXECUTED,
        down_dims=tuple(sizes["channels"]),
        device=sizes["device"],
        input_features={
            "observation.state": PolicyFeature(FeatureType.STATE, (sizes["state"],)),
            "observation.environment_state": PolicyFeature(
                FeatureType.ENV, (sizes["environment"],)
            ),
        },
        output_features={"action": PolicyFeature(FeatureType.ACTION, (sizes["actions"],))},
    )
    return DiffusionPolicy(config)


def chunk_seconds(policy: torch.nn.Module, sizes: dict, sampler: str, steps: int) -> float:
    """Seconds of one chunk; LeRobot makes the scheduler of each sampler from the same settings."""
    from lerobot.policies.diffusion import modeling_diffusion

    config, model = policy.config, policy.diffusion
    model.noise_scheduler = modeling_diffusion._make_noise_scheduler(
        sampler.upper(),
        num_train_timesteps=config.num_train_timesteps,
        beta_start=config.beta_start,
        beta_end=config.beta_end,
        beta_schedule=config.beta_schedule,
        clip_sample=config.clip_sample,
        clip_sample_range=config.clip_sample_range,
        prediction_type=config.prediction_type,
    )
    model.num_inference_steps = steps
    policy.eval()
    batch = observations(sizes, 1)
    with torch.inference_mode():
        synchronise(sizes)
        before = time.perf_counter()
        model.generate_actions(batch)
        synchronise(sizes)
        return time.perf_counter() - before


def train_seconds(
    policy: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
    sizes: dict,
    batch_size: int,
    steps: int,
) -> list[float]:
    """Seconds of each step: forward, backward, clipped gradients, Adam; as its trainer does."""
    policy.train()
    batch = observations(sizes, batch_size) | {
        "action": torch.randn(batch_size, HORIZON, sizes["actions"], device=sizes["device"]),
        "action_is_pad": torch.zeros(batch_size, HORIZON, dtype=torch.bool, device=sizes["device"]),
    }
    times = []
    for _ in range(steps):
        before = time.perf_counter()
        loss, _ = policy.forward(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(policy.parameters(), CLIP_GRADIENTS)
        optimiser.step()
        optimiser.zero_grad()
        loss.item()
        times.append(time.perf_counter() - before)
    return times


def observations(sizes: dict, batch_size: int) -> dict[str, torch.Tensor]:
    """A batch of what the policy sees."""

    def noise(size: int) -> torch.Tensor:
        return torch.rand(batch_size, OBSERVED, size, device=sizes["device"])

    return {
        "observation.state": noise(sizes["state"]),
        "observation.environment_state": noise(sizes["environment"]),
    }


def synchronise(sizes: dict) -> None:
    """Wait until the device has done all that it was given."""
    if sizes["device"] == "cuda":
        torch.cuda.synchronize()


def versions() -> dict[str, str]:
    """Of the packages that matter for speed."""
    return {name: importlib.metadata.version(name) for name in ("lerobot", "torch", "diffusers")}


def say(answer: dict) -> None:
    """One line to whoever asked."""
    print(json.dumps(answer), flush=True)


def _enter_without_init(package: str) -> None:
    parent, _, name = package.rpartition(".")
    origin = importlib.util.find_spec(parent).origin
    module = types.ModuleType(package)
    module.__path__ = [str(Path(origin).parent / name)]
    sys.modules[package] = module


sys.path.insert(0, str(Path(__file__).parent / "stubs"))

if __name__ == "__main__":
    main()
