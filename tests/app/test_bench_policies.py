"""The comparison: calls are counted, rates are of the same executed actions, ratios of the rows."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from handiwork_app.bench.contestants import random_contestants
from handiwork_app.bench.counting import counted
from handiwork_app.bench.rows import ratios, timed
from handiwork_app.bench.settings import QUICK, MeasureConfig, measured
from handiwork_app.cli import main
from policies.acting import ActingPolicy
from policies.config_tree import BadConfig
from policies.generator import eager
from policies.runtime import Choice

OPENVINO = Choice("openvino", torch.device("cpu"))
CALLS = {"DDPM 100": 100, "DDIM 10": 10, "DDIM, 8 levels / 2 chunks": 4, "argmax": 4, "top 5": 4}
ROW = {
    *("policy", "sampler", "runtime", "device", "parameters", "calls_per_chunk"),
    *("latency_p50_ms", "latency_p95_ms", "executed_actions_per_chunk", "actions_per_s"),
}


def test_calls_are_counted_where_they_are_made():
    for contestant in random_contestants((8, 16), seed=0):
        generator = contestant.generator
        count = counted(eager(generator), generator.kernels())
        policy = ActingPolicy(generator, contestant.spec, count.compute)
        state = np.full((generator.interface.horizon.observed_steps, 18), 0.5)
        for _ in range(2):
            policy.propose({"state": state}, 3)
        assert count.passes == 2 * CALLS[contestant.sampler]
        assert count.encoder_passes == 2  # once for all candidates


def test_all_execute_as_many_rows_and_share_a_network_where_they_should():
    contestants = {item.sampler: item.generator for item in random_contestants((8, 16), seed=0)}
    assert {item.interface.horizon.executed_steps for item in contestants.values()} == {8}
    slow, fast = contestants["DDPM 100"], contestants["DDIM 10"]
    for name, values in slow.state_dict().items():
        assert values.equal(fast.state_dict()[name])
    streaming = contestants["DDIM, 8 levels / 2 chunks"]
    assert type(streaming.denoiser) is type(slow.denoiser)
    assert streaming.config.denoiser == slow.config.denoiser


def row(policy: str, sampler: str, runtime: str, milliseconds: float, executed: int = 8) -> dict:
    said = {"policy": policy, "sampler": sampler, "runtime": runtime, "device": "cpu"}
    return timed(said | {"weights": "random"}, [milliseconds / 1e3] * 5, executed)


def test_rates_are_of_executed_actions_and_of_the_median_call():
    got = timed({}, [0.010, 0.020, 0.300], executed=8)
    assert got["latency_p50_ms"] == pytest.approx(20.0)
    assert got["latency_p95_ms"] == pytest.approx(272.0)
    assert got["actions_per_s"] == pytest.approx(400.0)


def test_ratios_are_per_executed_action():
    rows = [
        row("diffusion", "DDPM 100", "eager", 900.0),
        row("diffusion", "DDPM 100", "openvino", 300.0),
        row("diffusion", "DDIM 10", "eager", 90.0),
        row("diffusion", "DDIM 10", "openvino", 30.0),
        row("streaming", "any", "eager", 40.0),
        row("streaming", "any", "openvino", 20.0, executed=4),
        row("carp", "argmax", "eager", 9.0),
        row("carp", "argmax", "openvino", 3.0),
        row("carp", "top 5", "openvino", 4.0),
        row("lerobot_diffusion", "DDIM 10", "eager", 150.0),
    ]
    got = ratios(rows, OPENVINO)
    assert got["streaming_vs_dp100"] == pytest.approx(7.5)
    assert got["carp_vs_dp100"] == pytest.approx(100.0)
    assert got["runtime_vs_eager"] == pytest.approx(3.0)
    assert got["streaming_vs_dp100_eager"] == pytest.approx(22.5)
    assert got["runtime_vs_lerobot_dp10"] == pytest.approx(5.0)
    assert "runtime_vs_lerobot_dp10" not in ratios(rows[:-1], OPENVINO)
    elsewhere = [item | {"device": "cuda"} for item in rows]
    assert ratios(elsewhere, OPENVINO) == {}
    graphs = Choice("openvino", torch.device("cuda"))
    assert ratios(elsewhere, graphs)["carp_vs_dp100_cuda"] == pytest.approx(100.0)


def test_settings_come_over_the_quick_ones():
    assert measured({}, quick=True) == QUICK and measured({}, quick=False) == MeasureConfig()
    assert measured({"seconds": 3}, quick=True).channels == QUICK.channels
    assert measured({"channels": [8]}, quick=True).channels == (8,)
    with pytest.raises(BadConfig, match=r"measure\.sekunden"):
        measured({"sekunden": 3}, quick=True)
    with pytest.raises(BadConfig, match="seconds must be > 0"):
        measured({"seconds": 0}, quick=False)


def test_the_command_answers_with_rows_and_ratios(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """With torch alone, as exports take longer than all the rest; they have tests of their own."""
    monkeypatch.setattr("policies.runtime.choice.has_openvino", lambda: False)
    words = ["quick=true", "measure.channels=[8,16]", "measure.seconds=0.01", "measure.threads=1"]
    status = main(["bench", "policies", *words, f"folder={tmp_path}", "--json", "-"])
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert status == 0 and result["command"] == "bench policies"
    assert {row["sampler"]: row["calls_per_chunk"] for row in result["rows"]} == CALLS
    assert all(set(row) >= ROW for row in result["rows"])
    assert result["ratios"]["streaming_vs_dp100"] > 2
    assert result["ratios"]["runtime_vs_eager"] == pytest.approx(1.0)  # it is the same row
    assert "random" in result["conditions"]["weights"]


def test_an_unknown_subject_is_a_usage_error():
    with pytest.raises(SystemExit) as ended:
        main(["bench", "weather"])
    assert ended.value.code == 2
