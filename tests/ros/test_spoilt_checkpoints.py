"""A policy node refuses a checkpoint that is not what it says, before anything moves."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from handiwork.errors import BadCheckpoint
from handiwork_ros.policy_node import PolicyConfig, PolicyNode
from policies.checkpoint import save_checkpoint
from policies.loading import load_policy

SHIPPED = Path(__file__).parents[2] / "checkpoints/push_t_diffusion"


def spoilt_checkpoint(folder: Path, spoil: str) -> Path:
    """The shipped one, spoilt."""
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True)
    weights = folder / "weights.safetensors"
    if spoil == "a flipped byte":
        content = bytearray(weights.read_bytes())
        content[-100] ^= 1
        weights.write_bytes(content)
    else:
        policy = load_policy(folder, runtime="eager")
        save_checkpoint(folder, policy.policy, replace(policy.spec, frame="panda_plane"), {})
    return folder


@pytest.mark.parametrize(
    ("spoil", "said"),
    [("a flipped byte", "SHA-256"), ("another robot's", "panda_plane")],
)
def test_a_spoilt_checkpoint_is_refused_by_name_before_anything_moves(graph, tmp_path, spoil, said):
    folder = spoilt_checkpoint(tmp_path, spoil)
    with pytest.raises(BadCheckpoint, match=said):
        PolicyNode(PolicyConfig(checkpoint=str(folder)))
