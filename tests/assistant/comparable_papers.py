"""Invented papers to compare: two rivals, one with a name like theirs, one in the third person, one of theory."""

from index.paper import Paper

SCOUT = Paper(
    title="TinyScout: Searching Small Vision Networks on a Laptop",
    abstract=(
        "Architecture search has become a popular way to design vision networks. "
        "However, existing methods need clusters of accelerators, which remains a bottleneck for small groups. "
        "In this paper, we propose TinyScout, a search that shares one set of weights between all candidates. "
        "It scores a candidate by leveraging the sharpness of its loss. "
        "We evaluate TinyScout on CIFAR-10 and on a set of 40 street scenes. "
        "TinyScout reaches 94.1% accuracy on CIFAR-10, 1.3% more than DARTS at the same size. "
        "The whole search takes 3.5 GPU hours on a single RTX 3060. "
        "Code is available at https://example.org/tinyscout."
    ),
    id="arxiv:2401.00001",
    authors=("Ada Example", "Bo Sample", "Cy Instance", "Di Case"),
    published="2024-01-02",
)
WIDE = Paper(
    title="WideScout: Searching Large Vision Networks Layer by Layer",
    abstract=(
        "Large networks are searched in one piece, and the memory that this costs limits their size. "
        "We introduce WideScout, which searches one layer after another and freezes those behind it. "
        "Specifically, we use a proxy loss that looks two layers ahead. "
        "Experiments on ImageNet with four backbones show how the depth of the look-ahead matters. "
        "WideScout achieves 81.2% top-1 accuracy on ImageNet and outperforms AutoWide by 0.9%. "
        "It reduces GPU memory by 2.4x compared to a search in one piece. "
        "A limitation of our method is that frozen layers cannot be repaired later."
    ),
    id="arxiv:2402.00002",
    author_count=9,
    organization="Example Lab",
    published="2024-02-10",
)
TWIN = Paper(
    title="TinyScout: A Pocket Telescope for Night Skies",
    abstract="We describe a telescope. It shows 300 stars. However, clouds are a problem. We test it on two nights.",
    id="arxiv:2403.00003",
)
QUIET = Paper(
    title="LeafSort: Ordering Herbarium Scans by Eye",
    abstract=(
        "Herbaria hold more scans than anyone can order by hand. "
        "LeafSort looks at the outline of the leaves only. "
        "On HerbBench-3 it is 2.1x as fast as PlantNet and 4.0% more accurate. "
        "Curators prefer its order in 71% of the cases."
    ),
    id="title:quiet",
)
BRACKETS = Paper(
    title="<b>Bold</b> | Claims: =SUM(A1) and [links](https://evil.example)",
    abstract=(
        "Our method, <script>alert(1)</script>, follows earlier work [1] and [2.3]. "
        "We propose `Bold|Net` with **stars** and ![an image](https://evil.example/x.png). "
        "We find that it achieves 12% more than the baseline [4]."
    ),
    id="title:brackets",
)
PAPERS = (SCOUT, WIDE, TWIN, QUIET, BRACKETS)
