"""Servers with one slot or a small context: their turn is waited for, what they cut is said, what is too long is sent
once more with less evidence."""

import asyncio
import json
from pathlib import Path

import httpx
import openai  # noqa: F401  # loaded beforehand: its half second is not the wait that is tested
import respx
from chat_server import CHAT, DONE, answer, chunk, event, settings, streamed
from invented import invented_papers

from assistant.engine import Assistant
from assistant.llm import ChatModel, Done, Words

ASKED = [{"role": "system", "content": "Answer."}, {"role": "user", "content": "How fast is it? " * 500}]
LOCAL = "http://192.168.0.9:8080/v1"


@respx.mock
async def test_a_server_nearby_gets_one_call_at_a_time_and_its_queue_does_not_count(tmp_path: Path) -> None:
    running, most = 0, 0

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.4)
        running -= 1
        return answer("Words.")

    respx.post(f"{LOCAL}/chat/completions").mock(side_effect=slow)
    chat = ChatModel(settings(tmp_path, base_url=LOCAL, wait_seconds=1.0))

    async def said() -> str:
        return "".join([part.text async for part in chat.stream(ASKED) if isinstance(part, Words)])

    assert await asyncio.gather(*(said() for _ in range(6))) == ["Words."] * 6
    assert most == 1


async def notice(tmp_path: Path, prompt_tokens: int, **details: object) -> str | None:
    usage = chunk([], usage={"prompt_tokens": prompt_tokens, "completion_tokens": 3, **details})
    respx.post(CHAT).mock(return_value=streamed(event("Words."), event(finish="stop"), usage, DONE))
    ends = [part async for part in ChatModel(settings(tmp_path)).stream(ASKED) if isinstance(part, Done)]
    return ends[0].notice


@respx.mock
async def test_a_prompt_that_the_server_cut_is_said(tmp_path: Path) -> None:
    said = await notice(tmp_path, 1_024)  # of 2,500
    assert said is not None
    assert "1,024" in said
    assert "context" in said
    assert await notice(tmp_path, 2_300) is None
    assert await notice(tmp_path, 12) is None  # what no cache held
    assert await notice(tmp_path, 1_024, prompt_tokens_details={"cached_tokens": 1_400}) is None


@respx.mock
def test_a_prompt_too_long_is_sent_once_more_with_less_evidence(tmp_path: Path) -> None:
    lengths: list[int] = []

    def server(request: httpx.Request) -> httpx.Response:
        text = json.loads(request.content)["messages"][-1]["content"]
        lengths.append(len(text))
        if len(lengths) == 1:
            said = "request (1400 tokens) exceeds the available context size (1100 tokens), try increasing it"
            return httpx.Response(400, json={"error": {"code": 400, "message": said, "n_ctx": 1100}})
        return answer("It is stated [1.1].")

    respx.post(CHAT).mock(side_effect=server)
    with Assistant.open(settings(tmp_path)) as assistant:
        assistant.library.add(invented_papers(40))
        assistant.ask("How does attention for speech work?")
    assert len(lengths) == 2
    assert lengths[1] < lengths[0]
