"""Invented papers to search in: names in every shape, dates, people, and the words that questions ask with."""

from index.paper import Paper


def _paper(title: str, abstract: str, day: str | None, **more: object) -> Paper:
    return Paper(title=title, abstract=abstract, published=day, **more)  # type: ignore[arg-type]


SHELF = (
    _paper(
        "SwiftNetV5: One Search for Many Tasks",
        "Finding a network for every task is slow. SwiftNetV5 searches once and serves three tasks. "
        "It is 1.6x cheaper than separate searches on our benchmark.",
        "2021-11-19",
        id="arxiv:2111.10007",
    ),
    _paper(
        "SwiftNetV3: Recipes and Architectures Searched Together",
        "Training recipes and architectures are usually chosen apart. SwiftNetV3 learns a predictor for both. "
        "The predictor needs few samples.",
        "2020-06-03",
        id="arxiv:2006.02049",
    ),
    _paper(
        "Q^{2}MoE: Two Routers for Experts on Phones",
        "Mixture of experts models do not fit a phone. Q$^{2}$MoE quantizes each expert to its own width. "
        "A scheduler hides the cost of loading experts from flash storage.",
        "2025-04-17",
        authors=("Ada Lindqvist", "Bo Hwang"),
    ),
    _paper(
        "N$^3$ViT: Vision Transformers that Share Their Hardware",
        "Vision transformers waste hardware when tasks alternate. N$^3$ViT activates a few experts for each task. "
        "On an FPGA it uses 9.2 times less energy.",
        "2022-10-26",
    ),
    _paper(
        "TurboAttention-4: Pipelines for Lopsided Accelerators",
        "Tensor cores have become faster than the units beside them. TurboAttention-4 overlaps softmax with matrix "
        "multiplication. It reaches 71% utilization, and is 1.3x faster than TurboAttention-3.",
        "2026-03-05",
        author_count=6,
    ),
    _paper(
        "Transformers: What We Know",
        "Transformers are everywhere. We survey how transformers are trained and pruned.",
        "2023-05-01",
    ),
    _paper(
        "Pruning the Heads of Transformers",
        "Many heads of transformers can be pruned. Sparse attention with pruned tokens keeps the accuracy.",
        "2023-08-09",
    ),
    _paper(
        "Do Transformers Remember?",
        "We probe what transformers remember of long documents. Recurrent memory helps.",
        "2024-02-02",
    ),
    _paper(
        "A Gymnasium for Chip Architects",
        "Reinforcement learning explores the design space of a microprocessor. Our gymnasium gives every algorithm "
        "the same budget. Bayesian methods win on small budgets.",
        "2023-06-15",
        organization="Northern Institute",
    ),
    _paper(
        "Oblivious Maps in Secure Memory",
        "A server must not learn which entry a client reads. We keep an oblivious map in high-bandwidth memory. "
        "Bandwidth grows fourfold.",
        "2025-09-01",
    ),
    _paper(
        "Verilog from Plain Language",
        "Language models write hardware descriptions poorly. A dataset of Verilog at several levels of detail helps. "
        "Co-design of prompts and data matters most.",
        "2024-07-01",
    ),
    _paper(
        "Grown Circuits",
        "Evolution grows boolean circuits in simulation. Circuits of one hundred gates emerge.",
        None,
    ),
)
