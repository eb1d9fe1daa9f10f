"""What a paper knows about itself."""

import pytest

from index.paper import Paper


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ({"url": "https://example.org/a_(b)?x=1&y=%20#c"}, "https://example.org/a_(b)?x=1&y=%20#c"),
        ({"url": "https://example.org/\u202ecod.exe\x1b[1m"}, "https://example.org/%E2%80%AEcod.exe%1B[1m"),
        ({"url": "https://example.org/\ud800"}, "https://example.org/?"),
        ({"url": "javascript:alert(1)"}, None),
        ({"id": "arxiv:2604.14228"}, "https://arxiv.org/abs/2604.14228"),
        ({"id": "doi:10.18653/v1/2020.acl-main.1"}, "https://doi.org/10.18653/v1/2020.acl-main.1"),
        ({"id": "arxiv:1?x=[a](https://evil.example)\u200b"}, "https://arxiv.org/abs/1%3Fx%3D%5Ba%5D(https://evil.example)%E2%80%8B"),
    ],
)  # fmt: skip
def test_a_link_holds_only_what_belongs_in_one(given: dict[str, str], link: str | None) -> None:
    assert Paper(title="A", abstract="B.", **given).link == link


@pytest.mark.parametrize(
    ("given", "leads_there"),
    [
        ("https://github.com/example/owls", True),
        ("https://huggingface.co/spaces/example/owls", True),
        ("https://evil.example/owls", False),
        ("https://github.com.evil.example/owls", False),
        ("https://github.com@evil.example/owls", False),
        ("javascript:alert(1)//https://github.com/a/b", False),
        ('https://github.com/a"onclick=alert(1)', False),
    ],
)
def test_a_link_to_code_leads_to_a_known_host_only(given: str, leads_there: bool) -> None:
    paper = Paper(title="Owls", abstract="We count owls.", code_url=given)
    assert paper.code_link == (given if leads_there else None)
