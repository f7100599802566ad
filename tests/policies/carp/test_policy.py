"""CARP behind the contract of all generators."""

import copy
import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from handiwork.errors import BadValue
from policies.acting import ActingPolicy
from policies.carp import CarpConfig, TokenizerConfig
from policies.checkpoint import load_generator, save_checkpoint
from policies.config_tree import BadConfig, from_tree
from policies.spec import PUSH_T
from tests.policies.carp.small import ACTIONS, CONFIG, policy

SEEN = {"state": np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32)}


def acting(**changes: object) -> ActingPolicy:
    return ActingPolicy(policy(**changes), PUSH_T)


def test_the_likeliest_words_make_the_same_chunk_every_time():
    made = acting()
    first, second = made.propose(SEEN), made.propose(SEEN)
    assert first.shape == (1, 16, ACTIONS)
    np.testing.assert_array_equal(first, second)


def test_candidates_differ_and_come_back_with_their_seed():
    made = acting(top_k=5)
    made.reset(3)
    first = made.propose(SEEN, count=6)
    assert len(np.unique(first.round(4), axis=0)) > 1
    made.reset(3)
    np.testing.assert_array_equal(made.propose(SEEN, count=6), first)
    made.reset(4)
    assert not np.array_equal(made.propose(SEEN, count=6), first)


def test_a_batch_gives_what_its_rows_give_one_by_one():
    made = acting()
    states = np.random.default_rng(1).normal(size=(3, 2, 3)).astype(np.float32)
    together = made.propose_batch({"state": states})
    for row, state in zip(together, states, strict=True):
        np.testing.assert_allclose(made.propose({"state": state})[0], row, atol=1e-5)


def test_chunks_move_with_the_tool():
    """Relative actions: the encoder's numbers apart, the chunk begins where the tool is."""
    made = policy()
    numbers = made.clean_chunk({"state": torch.zeros(1, 2, 3)}, torch.ones(1, 16, ACTIONS))
    there = {"state": torch.tensor([5.0, 7.0, 9.0]).expand(1, 2, 3)}
    moved = made.clean_chunk(there, torch.ones(1, 16, ACTIONS) + torch.tensor([5.0, 7.0, 0.0]))
    torch.testing.assert_close(numbers, moved)


def test_committed_rows_come_back_exactly():
    made = acting()
    committed = np.random.default_rng(2).normal(size=(4, ACTIONS)).astype(np.float32)
    chunk = made.propose(SEEN, committed=committed)[0]
    np.testing.assert_array_equal(chunk[1:5], committed)


def test_both_stages_learn_and_only_their_own_modules():
    made, generator = policy().train(), torch.Generator().manual_seed(0)
    observed = {"state": torch.randn(8, 2, 3)}
    chunk = torch.randn(8, 16, ACTIONS)
    for stage in made.stages:
        made.zero_grad()
        made.loss(observed, chunk, generator, stage.name).backward()
        for name, parameter in made.named_parameters():
            mine = name.split(".")[0] in stage.modules
            assert (parameter.grad is not None) == mine, (stage.name, name)
    assert sum(stage.share for stage in made.stages) == 1


def test_the_use_of_codes_is_told_per_action():
    """As told by the counters, whose start is: all codes alike, and none used yet."""
    figures = policy().figures()
    assert figures == {
        **{f"code_perplexity/{action}": pytest.approx(24) for action in range(ACTIONS)},
        **{f"codes_alive/{action}": 0.0 for action in range(ACTIONS)},
    }


def test_the_words_of_the_second_stage_are_those_of_the_average():
    made = policy()
    average = copy.deepcopy(made)
    with torch.no_grad():
        for parameter in average.parameters():
            parameter.add_(1.0)
    own = made.transformer.place.clone()
    made.begin_stage("tokenizer", average)
    assert not torch.equal(made.tokenizer.quantiser.codes, average.tokenizer.quantiser.codes)
    made.begin_stage("transformer", average)
    for mine, theirs in zip(
        made.tokenizer.parameters(), average.tokenizer.parameters(), strict=True
    ):
        assert torch.equal(mine, theirs)
    assert torch.equal(made.transformer.place, own)


def test_the_second_stage_moves_nothing_of_the_tokenizer():
    made = policy().train()
    before = {name: value.clone() for name, value in made.tokenizer.state_dict().items()}
    optimiser = torch.optim.AdamW(made.parameters(), lr=1e-2)
    observed, chunk = {"state": torch.randn(8, 2, 3)}, torch.randn(8, 16, ACTIONS)
    for _ in range(3):
        loss = made.loss(observed, chunk, torch.Generator(), "transformer")
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    for name, value in made.tokenizer.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_a_transformer_learns_which_way_belongs_to_which_observation():
    """Left or right by the sign of the state, some way far; after a short training chunks do."""
    made = policy(tokenizer=dataclasses.replace(CONFIG.tokenizer, channels=8)).train()
    generator = torch.Generator().manual_seed(0)
    time = torch.linspace(0, 1, 16)[:, None].expand(16, ACTIONS)
    for stage, steps in zip(made.stages, (100, 60), strict=True):
        learned = [p for module in stage.modules for p in made.get_submodule(module).parameters()]
        optimiser = torch.optim.AdamW(learned, lr=5e-3)
        for _ in range(steps):
            side = torch.randint(2, (32, 1, 1), generator=generator) * 2.0 - 1
            far = 0.5 + torch.rand(32, 1, 1, generator=generator)
            state = torch.cat([torch.zeros(32, 2, 2), side.expand(32, 2, 1)], dim=-1)
            loss = made.loss({"state": state}, side * far * time, generator, stage.name)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    acted = ActingPolicy(made, PUSH_T)
    for side in (-1.0, 1.0):
        state = np.array([[0.0, 0.0, side]] * 2, np.float32)
        last = acted.propose({"state": state})[0, -1]
        assert (side * last > 0.3).all() and (side * last < 1.7).all(), last


def test_the_task_decides_and_must_be_one_that_there_is():
    made = acting(tasks=3)
    chunks = [made.propose({**SEEN, "task": np.array(task)})[0] for task in range(3)]
    assert not np.allclose(chunks[0], chunks[1]) and not np.allclose(chunks[1], chunks[2])
    with pytest.raises(BadValue, match=r"task is \[3.0\], want whole numbers from 0 to 2"):
        made.propose({**SEEN, "task": np.array(3)})
    with pytest.raises(BadValue, match="task is 'missing'"):
        made.propose(SEEN)


def test_a_kernel_counts_its_passes_and_takes_any_batch():
    made = policy(top_k=3)
    encode, plan = made.kernels()
    assert (encode.name, encode.passes, plan.name, plan.passes) == ("encode", 1, "plan", 4)
    for batch in (1, 5):
        inputs = [example.expand(batch, *example.shape[1:]) for example in plan.example]
        assert plan.module(*inputs).shape == (batch, 16, ACTIONS)


def test_the_plan_is_one_graph_for_any_batch():
    """What a runtime needs: exported from one example, it answers alike for another batch."""
    plan = policy(
        top_k=4,
        tokenizer=dataclasses.replace(CONFIG.tokenizer, scales=(2, 4)),
        transformer=dataclasses.replace(CONFIG.transformer, depth=1),
    ).kernels()[1]
    two = tuple(example.expand(2, *example.shape[1:]).clone() for example in plan.example)
    free = tuple({0: torch.export.Dim.DYNAMIC} for _ in two)
    with torch.no_grad():
        graph = torch.export.export(plan.module, two, dynamic_shapes=free).module()
        inputs = [torch.rand(7, *example.shape[1:]) for example in plan.example]
        torch.testing.assert_close(graph(*inputs), plan.module(*inputs), atol=1e-5, rtol=0)


def test_a_checkpoint_holds_the_words_with_the_statistics(tmp_path: Path):
    made = policy(top_k=2, tasks=2)
    save_checkpoint(tmp_path, made, PUSH_T, {})
    loaded, _ = load_generator(tmp_path)
    assert loaded.config == made.config
    seen = {**SEEN, "task": np.array(1)}
    expected = ActingPolicy(made, PUSH_T).propose(seen, count=3)
    np.testing.assert_array_equal(ActingPolicy(loaded, PUSH_T).propose(seen, count=3), expected)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tokenizer": TokenizerConfig(scales=(1, 2, 3))}, "predicted_steps / 4 = 4, got 3"),
        ({"top_k": 25}, r"top_k must be in \[1, codes=24\], got 25"),
        ({"top_k": 0}, "top_k"),
        ({"corruption": 1.0}, "corruption"),
        ({"tasks": 0}, "tasks"),
    ],
)
def test_impossible_settings_are_refused_in_one_sentence(changes: dict, words: str):
    with pytest.raises(ValueError, match=words):
        dataclasses.replace(CONFIG, **changes)


def test_scales_must_rise():
    with pytest.raises(ValueError, match=r"scales must rise .* got \(2, 1, 4\)"):
        TokenizerConfig(scales=(2, 1, 4))


def test_other_scales_work_as_well():
    made = acting(tokenizer=dataclasses.replace(CONFIG.tokenizer, scales=(2, 4)))
    assert made.propose(SEEN).shape == (1, 16, ACTIONS)


def test_the_config_comes_back_from_its_tree():
    tree = dataclasses.asdict(CONFIG)
    assert from_tree(CarpConfig, tree) == CONFIG
    tree["tokenizer"]["codes"] = "many"
    with pytest.raises(BadConfig, match=r"config.tokenizer.codes: got 'many'"):
        from_tree(CarpConfig, tree)
