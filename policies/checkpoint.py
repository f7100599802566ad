"""A checkpoint is a folder: `weights.safetensors` and `manifest.json`. Nothing is ever unpickled.

The manifest says what the policy is, what it observes and commands, what it was trained on, and the
digests of the weights and of itself, so that a damaged or foreign checkpoint is refused by name.
"""

import dataclasses
import hashlib
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import safetensors.torch
import torch

from handiwork.errors import BadCheckpoint
from policies.config_tree import BadConfig, from_tree
from policies.generator import ActionGenerator
from policies.kinds import KINDS
from policies.normaliser import Normaliser
from policies.spec import PolicySpec

FORMAT = "handiwork-policy/2"
WEIGHTS, MANIFEST = "weights.safetensors", "manifest.json"
T = TypeVar("T")
RETRAIN = "Train again with `handiwork train`, or take the shipped checkpoint."


def save_checkpoint(
    folder: Path, policy: ActionGenerator, spec: PolicySpec, training: Mapping[str, Any]
) -> None:
    """Write the checkpoint; a reader sees the old one or the new one, never half of one.

    training: figures that tell how it came about (steps, losses, data digest, seed ...).
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = safetensors.torch.save(policy.state_dict())
    manifest = {
        "format": FORMAT,
        "policy": policy.kind,
        "config": dataclasses.asdict(policy.config),
        "spec": dataclasses.asdict(spec),
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
        "training": dict(training),
        "versions": {"torch": torch.__version__, "python": platform.python_version()},
    }
    manifest["manifest_sha256"] = _digest(manifest)
    _replace(folder / WEIGHTS, weights)
    _replace(folder / MANIFEST, json.dumps(manifest, indent=2).encode() + b"\n")


def load_generator(
    folder: Path, want: PolicySpec | None = None
) -> tuple[ActionGenerator, PolicySpec]:
    """Load a checkpoint, or say in one sentence why it must not move anything.

    want: what the world offers; the checkpoint's spec must equal it.

    Raises:
        BadCheckpoint: missing or damaged files, missing keys, or a spec that does not fit.
    """
    manifest = read_manifest(folder)
    spec = _build(folder, "spec", PolicySpec, manifest["spec"])
    if want is not None:
        _check_spec(folder, spec, want)
    weights = _read_weights(folder, manifest["weights_sha256"])
    config_kind, policy_kind = KINDS[manifest["policy"]]
    config = _build(folder, "config", config_kind, manifest["config"])
    horizon, actions = config.interface.horizon, config.interface.action_size
    try:
        policy = policy_kind(
            config,
            Normaliser.blank(config.interface.state_size),
            Normaliser.blank(horizon.predicted_steps, actions),
        )
        policy.load_state_dict(safetensors.torch.load(weights))
    except (RuntimeError, ValueError, safetensors.SafetensorError) as error:
        raise BadCheckpoint(
            str(folder / WEIGHTS), "tensors", str(error).strip(), "those of its manifest", RETRAIN
        ) from error
    return policy, spec


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, with its own digest checked."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise BadCheckpoint(str(folder), MANIFEST, "missing", "a file", RETRAIN) from error
    except (OSError, ValueError) as error:
        raise BadCheckpoint(str(path), "content", str(error), "JSON", RETRAIN) from error
    keys = ("format", "policy", "config", "spec", "weights_sha256", "manifest_sha256")
    for key in keys:
        if not isinstance(manifest, dict) or key not in manifest:
            raise BadCheckpoint(str(path), key, "missing", f"the keys {', '.join(keys)}", RETRAIN)
    if manifest["format"] != FORMAT:
        raise BadCheckpoint(str(path), "format", manifest["format"], FORMAT, RETRAIN)
    if manifest["policy"] not in KINDS:
        kinds = ", ".join(sorted(KINDS))
        raise BadCheckpoint(str(path), "policy", manifest["policy"], kinds, RETRAIN)
    body = {key: value for key, value in manifest.items() if key != "manifest_sha256"}
    if _digest(body) != manifest["manifest_sha256"]:
        raise BadCheckpoint(
            str(path), "manifest_sha256", _digest(body), manifest["manifest_sha256"], RETRAIN
        )
    return manifest


def _read_weights(folder: Path, digest: str) -> bytes:
    path = folder / WEIGHTS
    try:
        weights = path.read_bytes()
    except OSError as error:
        raise BadCheckpoint(str(folder), WEIGHTS, "missing", "a file", RETRAIN) from error
    got = hashlib.sha256(weights).hexdigest()
    if got != digest:
        raise BadCheckpoint(str(path), "SHA-256", got, digest, RETRAIN)
    return weights


def _check_spec(folder: Path, got: PolicySpec, want: PolicySpec) -> None:
    for field in dataclasses.fields(PolicySpec):
        mine, theirs = getattr(got, field.name), getattr(want, field.name)
        if mine != theirs:
            raise BadCheckpoint(
                str(folder / MANIFEST),
                f"spec.{field.name}",
                mine,
                repr(theirs),
                "Give a checkpoint trained for this task and robot.",
            )


def _build(folder: Path, field: str, kind: type[T], values: object) -> T:
    """A config dataclass from what the manifest holds for it."""
    try:
        return from_tree(kind, values, field)
    except BadConfig as error:
        raise BadCheckpoint(
            str(folder / MANIFEST), field, str(error), "allowed settings", RETRAIN
        ) from error


def _digest(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _replace(path: Path, content: bytes) -> None:
    """Write beside, then rename, so that the file is never half written."""
    beside = path.with_suffix(".part")
    beside.write_bytes(content)
    beside.replace(path)
