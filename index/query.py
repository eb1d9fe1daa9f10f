"""The words of a question as search terms: which ones matter, how the papers spell them, which papers they name, and
which appear in no paper. Knows nothing of dates, vectors or ranking.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import Protocol

from index.english import QUESTION_WORDS
from index.ids import canonical_id
from index.inflection import forms_in, only_asks_in
from index.language import language_of
from index.paper import Paper
from index.storage.words import WordIndex
from index.text import fold, forms_of, names_of, squash, stems_of
from index.versions import versioned_names

_BESIDE = 0.12  # the weight of two words side by side to each by itself: .10 / .85 (Metzler and Croft, SIGIR 2005)
_OF_MANY = 0.9  # the inverse document frequency of a word that two in five papers have
_COMMON = 100  # a word is a slip of another if this many times as many papers contain the other
_LONGEST_QUESTION = 200  # words; anything pasted beyond that adds time but no meaning
_LONGEST_NAME = 24  # words of a title typed in full
_AROUND = "()[]{}<>\"'“”‘’.,;:?!"
_FIGURE = re.compile(r"\d[\d.]*(?:x\d[\d.]*)*[a-z]{0,3}", re.IGNORECASE)  # "38", "64x64", "8bit"
_OWN_SHAPE = re.compile(r"\d|[a-z][A-Z]|[A-Z]{2}")  # a name, by its capitals and digits
_ORDINARY = re.compile(r"[^\W\d_A-Z]+")  # in small letters
_CAPITALS = re.compile(r"\b[A-Z]{2,}s?\b")  # an acronym: "LLM" belongs to no single paper
_VERSION = re.compile(r"[\s-]*[vV]?\d[\d.]*$")
_VERSION_ALONE = re.compile(r"v?\d+(?:\.\d+)*[a-z]?", re.IGNORECASE)


class Titled(Protocol):
    """What reading a question needs from a library."""

    @property
    def words(self) -> WordIndex:
        """The word index."""

    def papers_by_id(self, ids: Collection[str]) -> dict[str, Paper]:
        """The papers with exactly these ids."""

    def find(self, paper_id: str) -> Paper | None:
        """The paper that an id names, however it is spelled."""


@dataclass(frozen=True)
class Terms:
    """A question as search terms.

    `text`: the question without ids, spelling corrected; `weights`: its content stems and how often each occurs;
    `phrases`: adjacent content stems and their weight; `people`: stems of the names of authors and organisations;
    `named`: the papers it names, in order; `unknown`: words and names that appear in no paper; `misspelt`: those of
    them that may be ordinary words too misspelt to recognise; `notices`: the corrections made.
    """

    text: str
    weights: Mapping[str, float]
    phrases: Mapping[tuple[str, str], float]
    named: tuple[Paper, ...]
    people: Collection[str]
    unknown: tuple[str, ...]
    misspelt: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass
class _Word:
    typed: str
    form: str  # as it is read, spelling corrected
    stem: str
    named: bool = False  # part of a paper's name
    version: bool = False  # belongs to the word before it ("Llama 2")
    held: bool = False  # papers write it as one word or as two, or it is a person's name
    language: str | None = None  # of the question, if it is not English

    @cached_property
    def carries(self) -> bool:
        if self.language:
            return not only_asks_in(self.language, self.typed)
        return self.typed.casefold() not in QUESTION_WORDS


def read_terms(library: Titled, text: str) -> Terms:
    """Reads the words of a question: ids and links, names as people type them (`FBNet v5`), misspellings."""
    text, of_ids, unknown_ids = _take_ids(library, text)
    told = language_of(text)
    language = None if told == "English" else told
    pairs = zip(forms_of(text), stems_of(text), strict=True)
    words = [_Word(form, form, stem, language=language) for form, stem in pairs]
    reading = _Reading(library, words[:_LONGEST_QUESTION])
    reading.find_names()
    reading.find_people()
    reading.find_forms()
    if reading.correct_spelling():
        reading.find_names()
    reading.find_misspelt_names()
    reading.find_versions()
    phrases = reading.phrases()
    named = [*of_ids, *(paper for _, paper in sorted(reading.names, key=lambda found: found[0]))]
    return Terms(
        reading.put_right(text),
        reading.weights(phrases),
        phrases,
        tuple({paper.id: paper for paper in named}.values()),
        reading.people,
        tuple(dict.fromkeys([*unknown_ids, *reading.unknown_versions(text), *reading.unknown_words()])),
        tuple(word for word in reading.unknown_words() if _ORDINARY.fullmatch(word)),
        tuple(reading.notices),
    )


def _take_ids(library: Titled, text: str) -> tuple[str, list[Paper], list[str]]:
    """The text without ids and links of papers, those papers, and the ids that the library does not have."""
    kept: list[str] = []
    papers: list[Paper] = []
    unknown: list[str] = []
    for piece in text.split():
        paper_id = canonical_id(piece.strip(_AROUND))
        if paper_id is None:
            kept.append(piece)
        elif paper := library.find(piece.strip(_AROUND)):
            papers.append(paper)
        else:
            unknown.append(piece.strip(_AROUND))
    return " ".join(kept), papers, unknown


class _Reading:
    """The words of a question while they are matched against those of the papers."""

    def __init__(self, library: Titled, words: list[_Word]) -> None:
        self._library = library
        self._index = library.words
        self._known: dict[str, bool] = {}
        self._names_taken: set[str] = set()
        self.words = words
        self.names: list[tuple[int, Paper]] = []  # with the place of each in the question
        self.others: dict[str, None] = {}  # stems of what papers write as one word, or as two
        self.people: dict[str, None] = {}
        self.notices: list[str] = []

    def _is_known(self, stem: str) -> bool:
        if stem not in self._known:
            self._known[stem] = self._index.frequency(stem) > 0
        return self._known[stem]

    def _missing(self) -> list[int]:
        """The positions of the words that no paper contains."""
        wanted = [(i, w) for i, w in enumerate(self.words) if w.carries and not (w.named or w.held)]
        return [i for i, w in wanted if not self._is_known(w.stem)]

    def _note(self, typed: str, read: str, held: bool = False) -> None:
        where = "few of the papers" if held else "none of the papers"
        self.notices.append(f"“{typed}” is in {where}: searched for “{read}”.")

    # -- names

    def _windows(self, longest: int) -> list[tuple[int, int]]:
        """Runs of words, longest first, that contain a content word and none that already belongs to a name."""
        count = len(self.words)
        runs = [(i, i + n) for n in range(min(longest, count), 0, -1) for i in range(count - n + 1)]
        parts = [(run, self.words[run[0] : run[1]]) for run in runs]
        return [run for run, words in parts if any(w.carries for w in words) and not any(w.named for w in words)]

    def _squashed(self, start: int, end: int) -> str:
        return "".join(w.form for w in self.words[start:end]).casefold()

    def find_names(self) -> None:
        """Finds the names of papers, longest first: titles, short names, and the family of a name (`FBNet`) if no
        version follows."""
        at: dict[str, list[tuple[int, int]]] = {}
        for start, end in self._windows(_LONGEST_NAME):
            name = self._squashed(start, end)
            at.setdefault(name, []).append((start, end))
            if end == len(self.words) or not re.match(r"v?\d", self.words[end].form, re.IGNORECASE):
                at.setdefault(f"{name}*", []).append((start, end))
        papers = self._library.papers_by_id(self._index.named(at)).values()
        found = [(at[name], name, paper) for paper in papers for name in names_of(paper) if name in at]
        found.sort(key=lambda f: (f[1].endswith("*"), f[0][0][0] - f[0][0][1], f[0]))
        for name, of_name in groupby(found, key=lambda f: f[1]):
            group = list(of_name)
            for run in group[0][0]:
                if not any(w.named for w in self.words[slice(*run)]):
                    self._take(run, [paper for _, _, paper in group if self._means(paper, name, run)])

    def _take(self, run: tuple[int, int], papers: Sequence[Paper]) -> None:
        """Records that a run of words names these papers, if there are any."""
        for word in self.words[slice(*run)] if papers else ():
            word.named = True
        if papers:
            self._names_taken.add("".join(w.typed for w in self.words[slice(*run)]).casefold())
            self.others.update((_stem(squash(paper.short_name or paper.title)), None) for paper in papers)
        self.names += [(run[0], paper) for paper in papers]

    def _means(self, paper: Paper, name: str, run: tuple[int, int]) -> bool:
        """Whether words that are also a paper's name mean the paper: a whole title does, so does anything shaped like a
        name, and so do words that hardly any other paper contains (not every question about transformers means
        "Transformers: ...")."""
        short = fold(paper.short_name or "")
        shape = _VERSION.sub("", short) if name.endswith("*") else short
        if name == squash(paper.title) and run[1] - run[0] > 3:
            return True
        if len(name) > 2 and _OWN_SHAPE.search(_CAPITALS.sub("", shape)):
            return True
        holding = self._index.frequency(*(w.stem for w in self.words[slice(*run)]))
        return holding <= max(3, self._index.count() // 100)

    def find_people(self) -> None:
        """Finds words that are names of authors or organisations: capitalised, or in no paper's text."""
        for word in self.words:
            wanted = word.carries and not word.named and (word.typed.istitle() or not self._is_known(word.stem))
            if wanted and self._index.people(word.stem):
                self.people[word.stem] = None
                word.held = True

    def find_forms(self) -> None:
        """Finds the forms in which papers hold the words of a question in another language than English."""
        for word in self.words:
            if word.language and word.carries and not word.named and not word.form.isdigit():
                forms = forms_in(word.language, word.typed, self._index)
                self.others.update(dict.fromkeys(forms))
                word.held = word.held or bool(forms)

    def find_misspelt_names(self) -> None:
        """Finds names that are one slip away from what was typed, around words that no paper contains. A digit is
        never a slip: `FBNetV4` is not `FBNetV5`."""
        for place in self._missing():
            runs = [(start, end) for start, end in self._windows(4) if start <= place < end]
            names = ((run, self._nearest_name(self._squashed(*run))) for run in runs)
            run, name = next(((run, name) for run, name in names if name), ((0, 0), None))
            papers = list(self._library.papers_by_id(self._index.named([name])).values()) if name else []
            if papers:
                right = papers[0].shown_title if name == squash(papers[0].title) else papers[0].short_name
                self._note(" ".join(w.typed for w in self.words[slice(*run)]), right or papers[0].shown_title)
                self._take(run, papers)

    def _nearest_name(self, typed: str) -> str | None:
        if len(typed) < 6:
            return None
        names = self._index.names_near(typed, _most_slips(typed))
        return _nearest(typed, {n: 1 for n in names if n[-1] != "*" and _digits(n) == _digits(typed)})

    # -- spelling

    def correct_spelling(self) -> bool:
        """Reads words that no paper contains the way papers write them: as one word or two ("multi modal", "codesign"),
        otherwise as the ordinary word one slip away. A word that hardly any paper contains is corrected too if a
        hundred times as many contain the other. Returns whether anything changed."""
        count = self._index.count()
        changed = False
        for place, word in enumerate(self.words):
            if not word.carries or word.named or word.held:
                continue
            papers = self._index.frequency(word.stem)
            if papers * _COMMON > count or (not papers and (self._joined(place) or self._split(word))):
                continue
            # the rarer the candidate, the likelier it is that what was typed is a word of its own
            if right := self._ordinary_word(word.form, max(papers * _COMMON, count / 2_000)):
                self._note(word.typed, right, papers > 0)
                word.form, word.stem, changed = right, _stem(right), True
        return changed

    def _joined(self, place: int) -> bool:
        """Whether papers write this word and a neighbour as one."""
        for start in (place - 1, place):
            pair = self.words[start : start + 2] if start >= 0 else []
            stem = _stem("".join(w.form for w in pair))
            if len(pair) == 2 and all(w.carries and not w.named for w in pair) and self._is_known(stem):
                self.others[stem] = None
                pair[0].held = pair[1].held = True
                return True
        return False

    def _split(self, word: _Word) -> bool:
        """Whether papers write this word as two."""
        form = word.form
        cuts = ((form[:i], form[i:]) for i in range(2, len(form) - 2)) if form.isalpha() else ()
        parts = next((p for cut in cuts if self._index.frequency(*(p := stems_of(" ".join(cut))))), ())
        self.others.update(dict.fromkeys(parts))
        word.held = bool(parts)
        return word.held

    def _ordinary_word(self, form: str, least: float) -> str | None:
        """The lower-case word that was meant, among those in at least `least` papers: a name is never
        a slip of another (`Mistral` is not `Mixtral`)."""
        typed = form.casefold()
        if not typed.isalpha() or _OWN_SHAPE.search(form):
            return None
        near = self._index.forms_near(typed, _most_slips(typed), least)
        forms = {w: n for w, n in near.items() if w.isalpha()}
        return _nearest(typed, {w: n for w, n in forms.items() if w not in QUESTION_WORDS})

    # -- results

    def put_right(self, text: str) -> str:
        """The text with the spelling of ordinary words corrected."""
        for word in self.words:
            if word.form != word.typed:
                text = text.replace(word.typed, word.form)
        return text

    def find_versions(self) -> None:
        """Finds numbers that belong to the word before them ("Llama 2", also where papers write `Llama2`)."""
        for name, number in pairwise(self.words):
            if not (name.carries and not name.form.isdigit() and _VERSION_ALONE.fullmatch(number.form)):
                continue
            joined = _stem(name.form + number.form)
            number.version = self._is_known(joined) or self._index.frequency(name.stem, number.stem) > 0
            if number.version:
                self.others[joined] = None

    def weights(self, phrases: Collection[tuple[str, str]]) -> dict[str, float]:
        """The content stems of the question and how often each occurs; its `phrases` may stand as one word."""
        carrying = [w for w in self.words if w.carries and not w.version]
        kept = [w.stem for w in carrying if self._is_known(w.stem) or not (w.named or w.held)]
        for pair in phrases:
            joined = _stem("".join(pair))
            if self._is_known(joined) and not self._index.frequency(*pair):
                self.others[joined] = None  # "flash attention", where papers write FlashAttention only
        others = [stem for stem in self.others if self._is_known(stem) and stem not in kept]
        return {stem: float(n) for stem, n in Counter(kept + others).items()}

    def phrases(self) -> dict[tuple[str, str], float]:
        """Pairs of adjacent content stems and their weights; a name and its version count as one word. Two words that
        two in five papers have (in a library of two papers: any) tell little side by side, and take long to find."""
        pairs = [(a, b) for a, b in pairwise(self.words) if a.carries and b.carries]
        rare = [(a, b) for a, b in pairs if b.version or max(map(self._index.idf, (a.stem, b.stem))) > _OF_MANY]
        return {(a.stem, b.stem): 1.0 if b.version else _BESIDE for a, b in rare}

    def unknown_words(self) -> list[str]:
        """Words that no paper contains, except bare figures and whatever follows "how" ("how fast")."""
        after_how = {i + 1 for i, word in enumerate(self.words) if word.typed.casefold() == "how"}
        typed = [self.words[place].typed for place in self._missing() if place not in after_how]
        return [word for word in typed if len(word) > 1 and not _FIGURE.fullmatch(word)]

    def unknown_versions(self, text: str) -> list[str]:
        """Names with a version (`GPT-5`) that no paper contains as such, though it may contain their parts."""
        found = versioned_names(fold(text), lambda word: self._is_known(_stem(word)))
        return [
            name
            for name in found
            if not any(squash(name) in taken for taken in self._names_taken)
            and not self._index.frequency(*stems_of(name))
            and not self._is_known(_stem(squash(name)))
            and not self._index.named([squash(name)])
        ]


def _stem(word: str) -> str:
    """The stem of one word; the word itself if it is longer than the index takes."""
    return next(iter(stems_of(word)), word)


def _digits(name: str) -> str:
    return re.sub(r"\D", "", name)


def _most_slips(typed: str) -> int:
    """How many slips there may be in a word."""
    return 2 if len(typed) >= 9 else 1


def _nearest(typed: str, words: Mapping[str, int]) -> str | None:
    """The word that `typed` is most likely a slip of; of equally likely words, the one in the most papers."""
    from rapidfuzz.distance import OSA

    most = _most_slips(typed)
    distances = {w: OSA.distance(typed, w, score_cutoff=most) for w in words if abs(len(w) - len(typed)) <= most}
    costs = {w: _slip(typed, w) if d == 1 else float(d) for w, d in distances.items() if 0 < d <= most}
    slips = [(cost, -words[w], w) for w, cost in costs.items() if cost is not None]
    return min(slips)[2] if slips else None


def _slip(typed: str, word: str) -> float | None:
    """How unlikely a one-letter slip is; None if what was typed is more likely a word of its own. The shorter the
    word, the fewer slips count: "llama" is not "llava", "whale" is not "whole"."""
    length = max(len(typed), len(word))
    if len(typed) != len(word):  # one too many or too few
        return 1.0 if length >= 6 else None
    if sorted(typed) == sorted(word):  # two changed places
        return 0.6 if length >= 5 else None
    wrong = {(a, b) for a, b in zip(typed, word, strict=True) if a != b}.pop()
    if any(set(wrong) <= set(alike) for alike in ("aeiouy", "csz", "ckq")):
        return 0.8 if length >= 6 else None
    return 1.2 if length >= 8 else None
