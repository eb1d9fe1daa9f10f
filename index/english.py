"""English vocabulary, one list of each kind: function words, months, numbers, ordinals; numbers
with their nouns, and names in a row."""

from collections.abc import Sequence

# Words that never say what a text is about. Search, hashing and checking each ignore a few more, and different ones:
# each list was tuned on a benchmark of its own, so each is this list plus its own words.
FUNCTION_WORDS = frozenset(
    "a about above after all also an and any are as at be because been before being between both but by can "
    "could did do does each for from further had has have he her here his how i if in into is it its itself "
    "just may more most must no nor not of on only or other our over own paper same she should show so some "
    "such than that the their them then there these they this those through to too under until up us use used "
    "using very via was we were what when where whether which while who whose why will with within without "
    "would you your".split()
)
# Adds the words that ask ("describe", "find", "papers") rather than name a subject.
QUESTION_WORDS = FUNCTION_WORDS | frozenset(
    "again against am anybody anyone anything appeared article articles available below came cannot compare d "
    "deal dealing deals describe describes describing discuss discusses discussing doing don done down during "
    "e.g etc everything exist exists explain few find g get give happened having hers him i.e information "
    "interested know latest let like list ll me might my need new newest now off once ours out papers please "
    "posted published re really recent recently s say says see shall someone something studied studies study "
    "summarise summarize t tell theirs ve vs want way ways whats whom work works written yet".split()
)

# Words that keep a conversation going ("explain it more simply", "more details"): never what is asked about.
CONVERSATION_WORDS = frozenset(
    "above alright answer answers basically bit brief briefly clarify clear clearly compare compared "
    "comparison context continue depth detail detailed details differ difference differences different easier "
    "easily elaborate else english exactly example examples expand explained explanation first former further "
    "good great hello hey hi how last latter layman library longer made mean meaning means ok okay one ones "
    "page pages paper paragraph part parts plain question quick repeat rephrase restate second sentence "
    "sentences shorten shorter simple simpler simplify simply sorry specific specifically sum summary sure "
    "terms text thank thanks third thorough tldr two understand versus why words wrong yes".split()
)

MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())  # their first three letters
MONTH = (  # a regular expression for a month, in full or abbreviated
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
NUMBER_WORDS = tuple(  # each at the index of its value
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)
ORDINALS = tuple("first second third fourth fifth sixth seventh eighth ninth tenth".split())


def count_of(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 paper`, `2 papers`, `1,204 papers`. `many`: a plural that is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def enumerated(names: Sequence[str]) -> str:
    """Names in a row: `A`, `A and B`, `A, B and C`; empty for none."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
