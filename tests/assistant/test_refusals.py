"""What servers say when they refuse, in whatever shape and with whatever status, has a name and the right advice."""

import json
from pathlib import Path
from typing import Any

import httpx
import openai  # noqa: F401  # loaded beforehand: its half second is not the wait that is tested
import pytest
import respx
from chat_server import CHAT, DONE, answer, event, settings, sse, streamed

from assistant.llm import (
    BadKey,
    ChatModel,
    ContextTooLong,
    CutOff,
    LLMError,
    Loading,
    NoCredit,
    RateLimited,
    RequestRefused,
    ServerError,
    UnknownModel,
    Words,
)

ASKED = [{"role": "system", "content": "Answer."}, {"role": "user", "content": "How fast is it?"}]
SHAPES = [
    lambda said: {"error": said},
    lambda said: {"error": {"message": said, "type": "x", "code": None}},
    lambda said: [{"error": {"message": said, "status": "X"}}],
    lambda said: {"detail": said},
    lambda said: {"detail": [{"loc": ["body"], "msg": said, "type": "value_error"}]},
    lambda said: {"detail": {"error": said}},
    lambda said: {"message": said},
    lambda said: {"object": "error", "message": said, "code": 40001},
    lambda said: {"error": {"message": "Provider returned error", "metadata": {"raw": json.dumps({"error": said})}}},
    lambda said: said,
]


async def said_by(tmp_path: Path) -> str:
    chat = ChatModel(settings(tmp_path, model="m-1"))
    return "".join([part.text async for part in chat.stream(ASKED) if isinstance(part, Words)])


async def failure(tmp_path: Path) -> LLMError:
    with pytest.raises(LLMError) as caught:
        await said_by(tmp_path)
    assert str(caught.value).endswith(".")
    return caught.value


@respx.mock
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (400, "API key not valid. Please pass a valid API key.", BadKey),
        (403, "Your account has an insufficient balance", NoCredit),
        (400, "Your credit balance is too low to access this API", NoCredit),
        (429, "Too many requests, please slow down", RateLimited),
        (404, "model 'm-1' not found, try pulling it first", UnknownModel),
        (404, "The API deployment for this resource does not exist", UnknownModel),
        (400, "No models loaded. Please load a model", UnknownModel),
        (400, "m-1 is not a valid model ID", UnknownModel),
        (400, "request (3700 tokens) exceeds the available context size (2048 tokens)", ContextTooLong),
        (422, "Input is too long for requested model", ContextTooLong),
        (400, "The response was filtered due to the content management policy", RequestRefused),
        (403, "Your input was flagged", RequestRefused),
    ],
)
async def test_refusals_are_named_by_what_they_say(
    tmp_path: Path, shape: Any, status: int, words: str, kind: type[LLMError]
) -> None:
    body = shape(words)
    given = {"text": body} if isinstance(body, str) else {"json": body}
    respx.post(CHAT).mock(return_value=httpx.Response(status, **given, headers={"retry-after": "60"}))
    assert type(await failure(tmp_path)) is kind


@respx.mock
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("words", ["Unrecognized field: stream_options", "Extra inputs are not permitted"])
async def test_the_ladder_reads_every_shape(tmp_path: Path, shape: Any, words: str) -> None:
    body = shape(words)
    refused = httpx.Response(422, **({"text": body} if isinstance(body, str) else {"json": body}))
    route = respx.post(CHAT).mock(side_effect=[refused, answer("Words.")])
    assert await said_by(tmp_path) == "Words."
    assert "stream_options" not in json.loads(route.calls.last.request.content)


@respx.mock
@pytest.mark.parametrize("error", ["out of memory", {"message": {"a": 1}, "code": 500}, ["odd"], {"code": 503}, True])
async def test_errors_within_a_stream_have_any_shape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Any
) -> None:
    monkeypatch.setattr("assistant.llm.client.PAUSES", ())
    respx.post(CHAT).mock(return_value=streamed(sse({"error": error})))
    assert isinstance(await failure(tmp_path), ServerError)


@respx.mock
async def test_no_credit_is_said_and_not_tried_again(tmp_path: Path) -> None:
    route = respx.post(CHAT).mock(return_value=httpx.Response(402, text="<h1>Payment Required</h1>"))
    assert "add credit" in str(await failure(tmp_path))
    assert route.call_count == 1


@respx.mock
@pytest.mark.parametrize(
    "loading",
    [
        httpx.Response(503, json={"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}),
        httpx.Response(503, json={"error": "Model m-1 is currently loading", "estimated_time": 0.2}),
        httpx.Response(500, text="model is still loading"),
    ],
)
async def test_a_model_that_is_being_loaded_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loading: httpx.Response
) -> None:
    monkeypatch.setattr("assistant.llm.refusals.LOAD_PAUSE", 0.05)
    respx.post(CHAT).mock(side_effect=[*[loading] * 8, answer("Words.")])
    assert await said_by(tmp_path) == "Words."


@respx.mock
async def test_a_model_that_loads_for_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.refusals.LOAD_PAUSE", 1.5)
    respx.post(CHAT).mock(return_value=httpx.Response(503, json={"error": "Loading model"}))
    assert isinstance(await failure(tmp_path), Loading)


@respx.mock
@pytest.mark.parametrize(
    ("words", "room"),
    [
        ("This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4500 in", 4096),
        ("request (3700 tokens) exceeds the available context size (2048 tokens), try increasing it", 2048),
        ('{"error":{"code":400,"message":"too large","type":"exceed_context_size_error","n_ctx":1024}}', 1024),
        ("`inputs` tokens + `max_new_tokens` must be <= 8192. Given: 9000", 8192),
        ("The input token count (9000) exceeds the maximum number of tokens allowed (8192).", 8192),
        ("Request too large for m-1 on tokens per minute (TPM): Limit 6000, Requested 7400", 6000),
        ("prompt is too long: 9000 tokens > 8000 maximum", 8000),
        ("context size exceeded", None),
    ],
)
async def test_the_context_that_a_server_tells_is_read(tmp_path: Path, words: str, room: int | None) -> None:
    respx.post(CHAT).mock(return_value=httpx.Response(400, text=words))
    caught = await failure(tmp_path)
    assert isinstance(caught, ContextTooLong)
    assert caught.room == room


@respx.mock
@pytest.mark.parametrize("reason", ["error", "abort", "overloaded", "tool_calls", "MAX_TOKENS"])
async def test_an_unknown_ending_broke_off(tmp_path: Path, reason: str) -> None:
    respx.post(CHAT).mock(return_value=streamed(event("Half a "), event(finish=reason), DONE))
    assert isinstance(await failure(tmp_path), CutOff)


@respx.mock
@pytest.mark.parametrize("reason", ["STOP", "eos", "end_turn"])
async def test_other_words_for_the_end_are_one(tmp_path: Path, reason: str) -> None:
    odd = event("Whole.", finish="")
    respx.post(CHAT).mock(return_value=streamed(odd, event(" Yes.", finish="null"), event(finish=reason), DONE))
    assert await said_by(tmp_path) == "Whole. Yes."
