"""A chat API through respx: streams, thinking, failures by name, limits in time, structured replies."""

import asyncio
import json
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx
import openai  # noqa: F401  # loaded beforehand: its half second is not the wait that is tested
import pytest
import respx
from chat_server import CHAT, DONE, KEY, URL, answer, event, refusal, settings, sse, streamed

from assistant.llm import (
    BadKey,
    ChatModel,
    ContextTooLong,
    CutOff,
    Done,
    LLMError,
    Nonsense,
    NotConfigured,
    RateLimited,
    RequestRefused,
    Retract,
    Runaway,
    ServerError,
    Silence,
    UnknownModel,
    Unreachable,
    Words,
)
from assistant.llm.shapes import bounded

ASKED = [{"role": "system", "content": "Answer."}, {"role": "user", "content": "How fast is it?"}]
SCHEMA = {
    "type": "object",
    "properties": {"rows": {"type": "array", "items": {"type": "string"}}},
    "required": ["rows"],
}


async def reply(model: ChatModel) -> tuple[str, Done | None]:
    text, done = "", None
    async for part in model.stream(ASKED):
        if isinstance(part, Words):
            text += part.text
        elif isinstance(part, Retract):
            text = ""
        else:
            done = part
    return text, done


@respx.mock
async def test_words_come_as_they_are_written_and_usage_is_the_servers(tmp_path: Path) -> None:
    route = respx.post(CHAT).mock(return_value=answer("It is ", "2.7x", " faster."))
    text, done = await reply(ChatModel(settings(tmp_path)))
    assert text == "It is 2.7x faster."
    assert done is not None
    assert not done.counted
    assert (done.usage.llm_calls, done.usage.prompt_tokens, done.usage.completion_tokens) == (1, 1000, 100)
    assert done.usage.cost_usd == pytest.approx((1000 * 0.15 + 100 * 0.6) / 1e6)
    sent = json.loads(route.calls.last.request.content)
    assert sent["stream_options"] == {"include_usage": True}
    assert not {"temperature", "top_p", "max_tokens", "max_completion_tokens", "seed"} & sent.keys()


@respx.mock
async def test_without_figures_from_the_server_tokens_are_counted_and_that_is_said(tmp_path: Path) -> None:
    respx.post(CHAT).mock(return_value=answer("Some words.", usage=False))
    _, done = await reply(ChatModel(settings(tmp_path, model="unheard-of")))
    assert done is not None
    assert done.counted
    assert done.usage.prompt_tokens > 0
    assert done.usage.completion_tokens > 0
    assert done.usage.cost_usd is None  # no price is known


@respx.mock
@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["<think>secret</think>Shown."], "Shown."),
        (["<thi", "nk>sec", "ret</th", "ink>\n\nSho", "wn."], "Shown."),
        (["Shown. ", "<think>secret and no end"], "Shown. "),
        (["One <think>secret</think>two."], "One two."),
        (["[THINK]secret[/THINK] Shown."], "Shown."),
        (["secret with no beginning\n</think>\n", "Shown."], "Shown."),
        (["a < b and x <y", "> z [1", ".4]."], "a < b and x <y> z [1.4]."),
        (
            [
                "<|channel|>analysis<|message|>secret<|end|><|start|>assistant<|channel|>final<|message|>Shown.<|return|>"
            ],
            "Shown.",
        ),
        (
            list(
                "<|channel|>analysis<|message|>secret<|end|><|start|>assistant<|channel|>final<|message|>Shown.<|return|>"
            ),
            "Shown.",
        ),
        (["<|start|>assistant<|channel|>analysis<|message|>secret and no end"], ""),
        (["◁think▷secret◁/think▷Shown."], "Shown."),
        (["<|begin_of_thought|>secret<|end_of_thought|><|begin_of_solution|>Shown.<|end_of_solution|>"], "Shown."),
        (["<|START_THINKING|>secret<|END_THINKING|><|START_RESPONSE|>Shown.<|END_RESPONSE|>"], "Shown."),
        (["<analysis>secret</analysis>Shown."], "Shown."),
        (list("```thinking\nsecret\n```\nShown."), "Shown."),
        (["~~~reasoning\nsecret\n~~~\n", "Shown."], "Shown."),
        (list('<think type="deep">secret</think>Shown.'), "Shown."),
        (["<thought_process>secret</thought_process>\nShown."], "Shown."),
        (["[REASONING]secret[/REASONING] Shown."], "Shown."),
        (["<|channel>thought\nsecret<channel|>Shown."], "Shown."),
        (list("<details><summary>Thought for 3 s</summary>\nsecret\n</details>\nShown."), "Shown."),
        (["<|thinking|>secret<|/thinking|>Shown."], "Shown."),
        (list("```python\nx = 1\n```\nShown."), "```python\nx = 1\n```\nShown."),
        (["The tag `<think>` opens it [1.2]."], "The tag `<think>` opens it [1.2]."),
    ],
)
async def test_thinking_is_never_shown(tmp_path: Path, pieces: list[str], shown: str) -> None:
    respx.post(CHAT).mock(return_value=answer(*pieces))
    if not shown:
        with pytest.raises(Nonsense):
            await reply(ChatModel(settings(tmp_path)))
        return
    text, _ = await reply(ChatModel(settings(tmp_path)))
    assert text == shown


@respx.mock
@pytest.mark.parametrize(
    ("piece", "says"),
    [
        (event("It is fast [1.2]. "), "repeated itself"),
        (event("\n  "), "nothing but blanks"),
        (event(None, reasoning_content="hm, "), "repeated itself"),
        (event("x"), "repeated itself"),
    ],
)
async def test_a_reply_that_does_not_end_is_ended(tmp_path: Path, piece: bytes, says: str) -> None:
    respx.post(CHAT).mock(return_value=streamed(event("Two are meant. "), *[piece] * 20_000))
    shown = [""]

    async def read() -> None:
        async with aclosing(ChatModel(settings(tmp_path)).stream(ASKED)) as stream:
            async for said in stream:
                shown[0] = shown[0] + said.text if isinstance(said, Words) else ""

    with pytest.raises(Runaway, match=says) as failure:
        await read()
    assert failure.value.usage.completion_tokens < 3_000
    assert shown[0].strip() in ("Two are meant.", "Two are meant. It is fast [1.2].", "Two are meant. x")


@respx.mock
@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_reasoning_fields_are_not_shown_but_are_a_sign_of_life(tmp_path: Path, field: str) -> None:
    thoughts: list[Any] = [event(**{field: "secret "}), 0.08] * 8
    respx.post(CHAT).mock(return_value=streamed(*thoughts, event("Shown."), event(finish="stop"), DONE))
    text, done = await reply(ChatModel(settings(tmp_path, wait_seconds=0.5)))
    assert text == "Shown."
    assert done is not None
    assert done.usage.completion_tokens > 4  # thinking is paid for


@respx.mock
async def test_parts_and_gaps_in_chunks_are_read(tmp_path: Path) -> None:
    parts = [{"type": "thinking", "thinking": "secret"}, {"type": "text", "text": "Shown."}]
    odd = [sse({"choices": None}), sse({"choices": []}), sse({"choices": [{"delta": None}]}), b": keep-alive\n\n"]
    respx.post(CHAT).mock(return_value=streamed(*odd, event(parts), event(finish="stop"), DONE))  # type: ignore[arg-type]
    text, _ = await reply(ChatModel(settings(tmp_path)))
    assert text == "Shown."


@respx.mock
@pytest.mark.parametrize(
    ("response", "failure", "calls"),
    [
        (refusal(401, f"Incorrect API key provided: {KEY}", "invalid_api_key"), BadKey, 1),
        (refusal(403, "Country not supported"), BadKey, 1),
        (refusal(404, "The model `x` does not exist", "model_not_found"), UnknownModel, 1),
        (refusal(400, 'model "x" not found, try pulling it first'), UnknownModel, 1),
        (httpx.Response(404, text="<html>not here</html>"), Unreachable, 1),
        (refusal(400, "maximum context length is 2048 tokens", "context_length_exceeded"), ContextTooLong, 1),
        (refusal(400, f"bad request with {KEY}"), RequestRefused, 1),
        (refusal(429, "You exceeded your current quota", "insufficient_quota"), RateLimited, 1),
        (refusal(429, "slow down", **{"retry-after": "60"}), RateLimited, 1),
        (refusal(500, "oops"), ServerError, 3),
        (refusal(503, "overloaded"), ServerError, 3),
        (httpx.Response(200, text="<html>Welcome</html>"), Nonsense, 1),
        (httpx.Response(200, json={"choices": []}), Nonsense, 1),
        (streamed(b"data: {not json\n\n"), Nonsense, 1),
        (streamed(b'data: "words"\n\n', DONE), Nonsense, 1),
        (streamed(event("  \n"), event(finish="stop"), DONE), Nonsense, 1),
        (streamed(event("<think>hm</think>"), event(finish="stop"), DONE), Nonsense, 1),
        (streamed(event(refusal="I cannot help with that."), event(finish="stop"), DONE), RequestRefused, 1),
        (streamed(event("Words"), event(finish="length"), DONE), CutOff, 1),
        (streamed(event("Words"), event(" and")), CutOff, 1),
        (streamed(event("Words"), DONE), CutOff, 1),
        (streamed(event("Words"), httpx.ReadError("reset")), CutOff, 1),
        (streamed(sse({"error": {"message": "overloaded", "code": 503}})), ServerError, 3),
        (streamed(event("Words"), 3.0, event("late")), Silence, 1),
    ],
)
async def test_failures_have_names_a_next_step_and_never_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, response: httpx.Response, failure: type[LLMError], calls: int
) -> None:
    monkeypatch.setattr("assistant.llm.client.PAUSES", (0.01, 0.01))
    route = respx.post(CHAT).mock(return_value=response)
    with pytest.raises(failure) as caught:
        await reply(ChatModel(settings(tmp_path)))
    assert route.call_count == calls
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert ":" in sentence  # the cause, then the next step
    assert "sk-secret" not in sentence


@respx.mock
async def test_what_an_unreachable_server_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.client.PAUSES", (0.01, 0.01))
    respx.post(CHAT).mock(side_effect=httpx.ConnectError("no route"))
    with pytest.raises(Unreachable, match=r"No connection to api\.example\.org"):
        await reply(ChatModel(settings(tmp_path)))
    respx.post("http://127.0.0.1:9/v1/chat/completions").mock(side_effect=httpx.ConnectError("refused"))
    with pytest.raises(Unreachable, match="start the server"):
        await reply(ChatModel(settings(tmp_path, base_url="http://127.0.0.1:9/v1", api_key="")))


async def test_a_key_that_cannot_be_sent_is_a_bad_key(tmp_path: Path) -> None:
    with pytest.raises(BadKey):
        await reply(ChatModel(settings(tmp_path, api_key="sk-ключ")))


@respx.mock
async def test_what_passes_is_tried_again_as_the_server_asks(tmp_path: Path) -> None:
    route = respx.post(CHAT).mock(side_effect=[refusal(429, "slow down", **{"retry-after": "0.7"}), answer("Words.")])
    started = time.monotonic()
    text, _ = await reply(ChatModel(settings(tmp_path)))
    assert text == "Words."
    assert time.monotonic() - started >= 0.7
    assert route.call_count == 2


@respx.mock
async def test_the_wait_for_the_first_word_includes_the_retries(tmp_path: Path) -> None:
    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(1.4)
        return refusal(500, "oops")

    respx.post(CHAT).mock(side_effect=slow)
    started = time.monotonic()
    with pytest.raises(LLMError):
        await reply(ChatModel(settings(tmp_path, wait_seconds=1.5)))
    assert time.monotonic() - started < 3.5  # three tries: 4.2


@respx.mock
async def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    async def hang(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        raise AssertionError

    respx.post(CHAT).mock(side_effect=hang)
    started = time.monotonic()
    with pytest.raises(Silence, match=r"no answer within 0\.5 s"):
        await reply(ChatModel(settings(tmp_path, wait_seconds=0.5)))
    assert time.monotonic() - started < 10


@respx.mock
async def test_keep_alives_are_no_words_and_slow_words_are_no_silence(tmp_path: Path) -> None:
    respx.post(CHAT).mock(return_value=streamed(*[b": processing\n\n", event(""), 0.1] * 20))
    with pytest.raises(Silence):
        await reply(ChatModel(settings(tmp_path, wait_seconds=0.5)))
    slow: list[Any] = [event("word "), 0.2] * 6
    respx.post(CHAT).mock(return_value=streamed(*slow, event(finish="stop"), DONE))
    text, _ = await reply(ChatModel(settings(tmp_path, wait_seconds=1.0, silence_seconds=0.8)))
    assert text == "word " * 6


@respx.mock
async def test_a_stream_that_is_not_ended_after_its_last_word_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.llm.client.USAGE_WAIT", 0.1)
    respx.post(CHAT).mock(return_value=streamed(event("Words."), event(finish="stop"), 5.0))
    text, done = await reply(ChatModel(settings(tmp_path)))
    assert text == "Words."
    assert done is not None
    assert done.counted


@respx.mock
async def test_a_failure_after_words_says_what_was_spent(tmp_path: Path) -> None:
    respx.post(CHAT).mock(return_value=streamed(event("Some words")))
    with pytest.raises(CutOff) as caught:
        await reply(ChatModel(settings(tmp_path)))
    assert caught.value.usage.llm_calls == 1
    assert caught.value.usage.completion_tokens > 0


@respx.mock
async def test_closing_the_stream_ends_the_call_at_once(tmp_path: Path) -> None:
    response = streamed(event("One "), 0.05, event("two "), *[event("more "), 0.05] * 50)
    respx.post(CHAT).mock(return_value=response)
    async with aclosing(ChatModel(settings(tmp_path)).stream(ASKED)) as parts:
        async for _ in parts:
            break
    assert response.stream.closed  # type: ignore[union-attr]
    assert response.stream.sent < 5  # type: ignore[union-attr]


@respx.mock
async def test_what_a_server_refuses_is_left_out_from_then_on(tmp_path: Path) -> None:
    route = respx.post(CHAT).mock(side_effect=[refusal(400, "Unrecognized field: stream_options"), answer("Words.")])
    await reply(ChatModel(settings(tmp_path)))
    assert route.call_count == 2
    route.side_effect = [answer("Words.")]
    await reply(ChatModel(settings(tmp_path)))  # another run
    assert "stream_options" not in json.loads(route.calls.last.request.content)


@respx.mock
async def test_a_model_without_a_system_role_gets_one_message(tmp_path: Path) -> None:
    route = respx.post(CHAT).mock(side_effect=[refusal(400, "System role not supported"), answer("Words.")])
    await reply(ChatModel(settings(tmp_path)))
    sent = json.loads(route.calls.last.request.content)["messages"]
    assert [message["role"] for message in sent] == ["user"]
    assert sent[0]["content"] == "Answer.\n\nHow fast is it?"


@respx.mock
@pytest.mark.parametrize(
    ("listed", "chosen"), [(["local-model"], "local-model"), (["local-model", "nomic-embed-text"], "local-model")]
)
async def test_the_only_model_of_a_server_is_taken(tmp_path: Path, listed: list[str], chosen: str) -> None:
    respx.get(f"{URL}/models").mock(return_value=httpx.Response(200, json={"data": [{"id": name} for name in listed]}))
    route = respx.post(CHAT).mock(return_value=answer("Words."))
    model = ChatModel(settings(tmp_path, model=""))
    assert await model.reachable() == "ok"
    await reply(model)
    assert json.loads(route.calls.last.request.content)["model"] == model.name == chosen


@respx.mock
@pytest.mark.parametrize(("listed", "says"), [(["a", "b"], "a, b"), ([], "no model")])
async def test_of_several_models_one_is_to_be_chosen(tmp_path: Path, listed: list[str], says: str) -> None:
    data = [{"id": name} for name in listed] or None
    respx.get(f"{URL}/models").mock(return_value=httpx.Response(200, json={"data": data}))
    model = ChatModel(settings(tmp_path, model=""))
    with pytest.raises(NotConfigured, match=says):
        await reply(model)
    assert says in await model.reachable()


@respx.mock
async def test_status_says_what_is_wrong(tmp_path: Path) -> None:
    respx.get(f"{URL}/models").mock(return_value=refusal(401, f"wrong key {KEY}"))
    assert "OPENAI_API_KEY" in await ChatModel(settings(tmp_path)).reachable()
    respx.get(f"{URL}/models").mock(return_value=httpx.Response(200, json={"data": [{"id": "other"}]}))
    assert "PAPERS_MODEL" in await ChatModel(settings(tmp_path)).reachable()


def test_without_a_key_or_a_server_there_is_no_model(tmp_path: Path) -> None:
    assert not settings(tmp_path, base_url="", api_key="").configured


@respx.mock
async def test_a_schema_is_sent_strictly_and_the_shape_is_remembered(tmp_path: Path) -> None:
    route = respx.post(CHAT).mock(return_value=answer('{"rows": ["a", ', '"b"]}'))
    found = await ChatModel(settings(tmp_path)).structured(ASKED, SCHEMA, "table")
    assert found.data == {"rows": ["a", "b"]}
    assert found.usage.prompt_tokens == 1000
    form = json.loads(route.calls.last.request.content)["response_format"]["json_schema"]
    assert form["strict"] is True
    assert form["schema"]["additionalProperties"] is False


@respx.mock
async def test_bounds_of_a_schema_are_left_out_where_a_server_refuses_them(tmp_path: Path) -> None:
    def refuses(request: httpx.Request) -> httpx.Response:
        bounds = "maxItems" in request.content.decode()
        return refusal(400, "schema: 'maxItems' is not permitted") if bounds else answer('{"rows": ["a"]}')

    route = respx.post(CHAT).mock(side_effect=refuses)
    model = ChatModel(settings(tmp_path))
    wanted = bounded(SCHEMA, items=3, characters=20)
    for _ in range(2):
        assert (await model.structured(ASKED, wanted, "rows")).data == {"rows": ["a"]}
    assert route.call_count == 3
    sent = json.loads(route.calls.last.request.content)
    assert sent["response_format"]["type"] == "json_schema"


def test_a_schema_is_bounded_and_names_its_numbers() -> None:
    item = {"type": "object", "properties": {"paper": {"type": "integer"}, "text": {"type": "string"}}}
    schema = bounded({"type": "array", "items": item}, items=4, characters=50, numbers={"paper": [2, 1]})
    assert schema["maxItems"] == 4
    assert schema["items"]["properties"] == {
        "paper": {"type": "integer", "enum": [1, 2]},
        "text": {"type": "string", "maxLength": 50},
    }


@respx.mock
async def test_the_ladder_goes_down_once_and_is_remembered(tmp_path: Path) -> None:
    def server(request: httpx.Request) -> httpx.Response:
        shape = json.loads(request.content).get("response_format", {}).get("type", "text")
        if shape == "json_schema":
            return refusal(400, "response_format json_schema is not supported")
        if shape == "json_object":
            return answer("I would rather talk.")
        return answer('Here it is:\n```json\n{"rows": ["a"]}\n```\nDone.')

    route = respx.post(CHAT).mock(side_effect=server)
    first = await ChatModel(settings(tmp_path)).structured(ASKED, SCHEMA, "table")
    assert first.data == {"rows": ["a"]}
    assert first.usage.llm_calls == 2  # the refused one spent nothing
    assert route.call_count == 3
    again = await ChatModel(settings(tmp_path)).structured(ASKED, SCHEMA, "table")  # another run
    assert again.data == {"rows": ["a"]}
    assert route.call_count == 4
    assert '"rows"' in json.loads(route.calls.last.request.content)["messages"][0]["content"]  # the schema is told


@respx.mock
async def test_of_several_calls_at_once_one_learns(tmp_path: Path) -> None:
    def server(request: httpx.Request) -> httpx.Response:
        if json.loads(request.content).get("response_format", {}).get("type") == "json_schema":
            return refusal(400, "unknown response_format")
        return answer('{"rows": []}')

    route = respx.post(CHAT).mock(side_effect=server)
    model = ChatModel(settings(tmp_path))
    replies = await asyncio.gather(*(model.structured(ASKED, SCHEMA, "table") for _ in range(6)))
    assert all(reply.data == {"rows": []} for reply in replies)
    assert route.call_count == 7


@respx.mock
async def test_calls_at_once_do_not_wait_in_turn_for_a_server_that_hangs(tmp_path: Path) -> None:
    async def hang(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        raise AssertionError

    respx.post(CHAT).mock(side_effect=hang)
    model = ChatModel(settings(tmp_path, wait_seconds=1.0))
    started = time.monotonic()
    calls = (model.structured(ASKED, SCHEMA, "table") for _ in range(8))
    failures = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(failure, Silence) for failure in failures)
    assert time.monotonic() - started < 5  # in turn: 8


@respx.mock
async def test_a_schema_that_was_ignored_is_noticed(tmp_path: Path) -> None:
    respx.post(CHAT).mock(side_effect=[answer('{"something": "else"}'), answer('{"rows": ["a"]}')])
    found = await ChatModel(settings(tmp_path)).structured(ASKED, SCHEMA, "table")
    assert found.data == {"rows": ["a"]}


@respx.mock
async def test_of_a_structured_reply_that_breaks_off_what_came_is_kept(tmp_path: Path) -> None:
    respx.post(CHAT).mock(return_value=streamed(event('{"rows": ["a", "b", "half of')))
    found = await ChatModel(settings(tmp_path)).structured(ASKED, SCHEMA, "table")
    assert found.data == {"rows": ["a", "b"]}
    assert isinstance(found.problem, CutOff)


@respx.mock
async def test_structured_nonsense_is_no_data_and_does_not_go_on_for_ever(tmp_path: Path) -> None:
    route = respx.post(CHAT).mock(return_value=answer("{not json"))
    model = ChatModel(settings(tmp_path))
    assert (await model.structured(ASKED, SCHEMA, "table")).data is None
    assert route.call_count == 3
    assert (await model.structured(ASKED, SCHEMA, "table")).data is None
    assert route.call_count == 4
