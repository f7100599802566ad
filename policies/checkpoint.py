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
from policies.acting import ActingPolicy
from policies.denoisers.mlp import MlpConfig
from policies.diffusion import DiffusionConfig, DiffusionPolicy
from policies.encoders import KeypointConfig
from policies.normaliser import Normaliser
from policies.spec import PolicySpec
from policies.windows import Horizon

FORMAT = "handiwork-policy/1"
WEIGHTS, MANIFEST = "weights.safetensors", "manifest.json"
T = TypeVar("T")
RETRAIN = "Train again with `handiwork train`, or take the shipped checkpoint."


def save_checkpoint(
    folder: Path, policy: DiffusionPolicy, spec: PolicySpec, training: Mapping[str, Any]
) -> None:
    """Write the checkpoint; a reader sees the old one or the new one, never half of one.

    training: figures that tell how it came about (steps, losses, data digest, seed ...).
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = safetensors.torch.save(policy.state_dict())
    manifest = {
        "format": FORMAT,
        "policy": "diffusion",
        "config": dataclasses.asdict(policy.config),
        "spec": dataclasses.asdict(spec),
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
        "training": dict(training),
        "versions": {"torch": torch.__version__, "python": platform.python_version()},
    }
    manifest["manifest_sha256"] = _digest(manifest)
    _replace(folder / WEIGHTS, weights)
    _replace(folder / MANIFEST, json.dumps(manifest, indent=2).encode() + b"\n")


def load_policy(folder: Path, want: PolicySpec | None = None) -> ActingPolicy:
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
    policy = _build_policy(folder, manifest["config"])
    try:
        policy.load_state_dict(safetensors.torch.load(weights))
    except (RuntimeError, safetensors.SafetensorError) as error:
        raise BadCheckpoint(
            str(folder / WEIGHTS), "tensors", str(error).strip(), "those of its manifest", RETRAIN
        ) from error
    return ActingPolicy(policy, spec)


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
    if (manifest["format"], manifest["policy"]) != (FORMAT, "diffusion"):
        got = f"{manifest['format']} {manifest['policy']}"
        raise BadCheckpoint(str(path), "format", got, f"{FORMAT} diffusion", RETRAIN)
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


def _build_policy(folder: Path, config: dict[str, Any]) -> DiffusionPolicy:
    parts = dict(config)
    parts["horizon"] = _build(folder, "config.horizon", Horizon, parts.get("horizon"))
    parts["denoiser"] = _build(folder, "config.denoiser", MlpConfig, parts.get("denoiser"))
    parts["encoder"] = _build(folder, "config.encoder", KeypointConfig, parts.get("encoder"))
    built = _build(folder, "config", DiffusionConfig, parts)
    return DiffusionPolicy(
        built,
        Normaliser.blank(built.observation_size),
        Normaliser.blank(built.horizon.predicted_steps, built.action_size),
    )


def _build(folder: Path, field: str, kind: type[T], values: object) -> T:
    """A config dataclass from what the manifest holds for it."""
    names = {item.name for item in dataclasses.fields(kind)}  # type: ignore[arg-type]
    if not isinstance(values, dict) or set(values) != names:
        got = sorted(values) if isinstance(values, dict) else values
        raise BadCheckpoint(
            str(folder / MANIFEST), field, got, f"the keys {', '.join(sorted(names))}", RETRAIN
        )
    lists = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    try:
        return kind(**lists)
    except (TypeError, ValueError) as error:
        raise BadCheckpoint(
            str(folder / MANIFEST), field, str(error), "allowed values", RETRAIN
        ) from error


def _digest(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _replace(path: Path, content: bytes) -> None:
    """Write beside, then rename, so that the file is never half written."""
    beside = path.with_suffix(".part")
    beside.write_bytes(content)
    beside.replace(path)
