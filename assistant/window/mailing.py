"""Mailing a digest from the Weekly tab, where a mail server is set."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from assistant.mail import MailError, send_as_set
from assistant.window.context import QUIET, WindowContext, html
from assistant.window.layout import beside, folded
from assistant.window.markup import line_html, problem_html
from assistant.window.week_choice import DigestAsked
from index.errors import LibraryError


@dataclass(frozen=True)
class Mailing:
    """The components of the form."""

    to: gr.Textbox
    send: gr.Button
    report: gr.HTML


def build_mailing(context: WindowContext) -> Mailing | None:
    """The form; None without a mail server."""
    if not context.assistant.settings.smtp_url:
        return None
    with folded("Send by mail"), beside("doing"):
        to = gr.Textbox("", label="To", placeholder="name@example.org", max_lines=1)
        send = gr.Button("Send")
    return Mailing(to, send, html())


async def mailed_html(context: WindowContext, asked: DigestAsked, to: str) -> str:
    """What became of sending a digest, as it is kept: it costs nothing."""
    try:
        digest = await asyncio.to_thread(context.assistant.weekly, **asked.options, free=True)
        mailed = await asyncio.to_thread(send_as_set, digest, to, context.assistant.settings, query=asked.scope.key)
    except (MailError, LibraryError, ValueError) as error:
        return problem_html(str(error))
    return line_html(mailed.message, "done", "status")


def wire_mailing(
    context: WindowContext, form: Mailing, asked: gr.State, may_mail: Callable[[gr.Request], bool]
) -> None:
    """Connect the form: it sends what was summed up last."""

    async def send(of: DigestAsked, to: str, request: gr.Request) -> str:
        if not may_mail(request):
            return problem_html("Only the first person in the file of people may send mail from here.")
        return await mailed_html(context, of, to)

    for event in (form.send.click, form.to.submit):
        event(lambda: line_html("Sending …", "found", "status"), None, form.report, **QUIET).then(
            send, [asked, form.to], form.report, **QUIET
        )
