"""What servers tell of a model's context and size, and the prompts that fit them."""

from pathlib import Path

import httpx
import pytest
import respx
from chat_server import settings

from assistant.ask.prompt import messages_for
from assistant.ask.retrieval import Retrieved
from assistant.documents import LabelledPaper
from assistant.llm.chat import ChatModel
from assistant.llm.context import context_in, is_small, limits_of
from assistant.question import Question
from assistant.tokens import count_messages
from index.paper import Paper

HERE = "http://127.0.0.1:8080/v1"


@pytest.mark.parametrize(
    ("name", "small"),
    [
        ("SmolLM2-135M-Instruct", True), ("gemma3:270m", True), ("qwen2.5:0.5b", True), ("llama3.2:3b", True),
        ("Phi-3-mini-3.8B", True), ("qwen2.5-7b-instruct", False), ("llama-3.3-70b-versatile", False),
        ("mixtral-8x7b", False), ("gpt-4o-mini", False), ("gpt-oss-120b", False), ("claude-sonnet-4", False),
    ],
)  # fmt: skip
def test_the_size_in_a_name_tells_a_small_model(name: str, small: bool) -> None:
    assert is_small(name) is small


@pytest.mark.parametrize(
    ("reply", "context"),
    [
        ({"default_generation_settings": {"n_ctx": 2048, "params": {"n_predict": -1}}, "total_slots": 1}, 2048),
        ([{"id": "m", "max_model_len": 8192}], 8192),
        ([{"id": "m", "meta": {"n_ctx_train": 4096, "n_vocab": 32000}}], 4096),
        ([{"id": "m", "context_length": 131072, "top_provider": {"context_length": 32768}}], 131072),
        ({"model_info": {"llama.context_length": 2048}}, 2048),
        ({"n_ctx": True}, None),
        ("nonsense", None),
        ({}, None),
    ],
)
def test_the_context_is_read_from_what_servers_tell(reply: object, context: int | None) -> None:
    assert context_in(reply) == context


@respx.mock
async def test_a_server_nearby_is_asked_once_and_its_context_bounds_the_prompt(tmp_path: Path) -> None:
    props = respx.get("http://127.0.0.1:8080/props").mock(
        return_value=httpx.Response(200, json={"default_generation_settings": {"n_ctx": 2048}})
    )
    model = ChatModel(settings(tmp_path, base_url=HERE, api_key="", model="SmolLM2-135M"))
    assert (await model.limits()).small
    assert await model.room(3_000) == await model.room(3_000) < 1_300
    assert props.call_count == 1


@respx.mock
async def test_ollama_tells_the_size_of_a_model_and_its_context() -> None:
    model = {"name": "llama3.2:latest", "model": "llama3.2:latest", "details": {"parameter_size": "3.2B"}}
    respx.get("http://127.0.0.1:8080/props").mock(return_value=httpx.Response(404))
    respx.get(f"{HERE}/models").mock(return_value=httpx.Response(200, json={"data": [{"id": "llama3.2:latest"}]}))
    running = respx.get("http://127.0.0.1:8080/api/ps")
    running.mock(return_value=httpx.Response(200, json={"models": [{**model, "context_length": 4096}]}))
    respx.get("http://127.0.0.1:8080/api/tags").mock(return_value=httpx.Response(200, json={"models": [model]}))
    async with httpx.AsyncClient() as http:
        limits = await limits_of(http, HERE, "llama3.2")
    assert (limits.context, limits.small) == (4096, True)


@respx.mock
async def test_what_is_far_away_is_not_asked(tmp_path: Path) -> None:
    limits = await ChatModel(settings(tmp_path, model="gpt-4o-mini")).limits()
    assert (limits.context, limits.small) == (None, False)
    assert not respx.calls


def test_a_small_model_gets_a_short_prompt_that_ends_with_the_rule() -> None:
    papers = [Paper(title=f"Tide {n}", abstract="It measures a tide of 3 m. " * 30) for n in range(8)]
    found = Retrieved(tuple(LabelledPaper(n, paper) for n, paper in enumerate(papers, 1)))
    small = messages_for(Question("How high is it?"), found, (), small=True)
    large = messages_for(Question("How high is it?"), found, ())
    assert count_messages(small) <= 1_600 < count_messages(large)
    assert "square brackets" in small[-1]["content"].splitlines()[-1]
