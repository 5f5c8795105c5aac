"""Reads sentences word by word; what it cannot read it points at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from joulestack.case.protocol import amounts
from joulestack.case.protocol.amounts import Amount
from joulestack.case.protocol.grammar import (
    COLUMNS,
    EXAMPLES,
    GRAMMAR,
    VERBS,
    Sentence,
    SentenceError,
    file_span,
)
from joulestack.errors import parts
from joulestack.spelling import did_you_mean

_CLAUSES = ("for", "until", "or")
_STOPPED_BY = (*_CLAUSES, "at")


@dataclass(frozen=True)
class Word:
    """A word and where it starts in the sentence."""

    text: str
    start: int

    @property
    def key(self) -> str:
        """In small letters."""
        return self.text.lower()


def parse(text: str) -> Sentence:
    """Read one sentence.

    Raises:
        SentenceError: it is not one of the grammar; points at the first word that is wrong.
    """
    return _Reader(text).sentence()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        ended = text.rstrip()
        ended = ended[:-1] if ended.endswith(".") else ended
        self.words = [Word(m[0], m.start()) for m in re.finditer(r"\S+", ended)]
        self.next = 0

    def sentence(self) -> Sentence:
        if not self.words:
            raise SentenceError("the step is empty", GRAMMAR)
        verb = self._take()
        if verb.key not in VERBS:
            raise self._unknown(verb, [v.capitalize() for v in VERBS])
        result = Sentence(self.text.strip(), verb.key)
        if verb.key == "run":
            self._file(result)
        elif verb.key != "rest":
            self._expect("at", verb)
            kinds = amounts.HELD if verb.key == "hold" else amounts.RATES
            result.amount = self._amount(kinds, f"{verb.text} at")
        self._clauses(result)
        return result

    def _take(self) -> Word:
        word = self.words[self.next]
        self.next += 1
        return word

    def _peek(self) -> Word | None:
        return self.words[self.next] if self.next < len(self.words) else None

    def _expect(self, key: str, after: Word) -> None:
        word = self._peek()
        if word is None:
            lacks = "voltage" if after.key == "hold" else "current, C-rate, power or resistance"
            what = f'"{self.text}" ends after "{after.text}": it says no {lacks} and no end'
            raise SentenceError(what, f'"{EXAMPLES[after.key]}"')
        if word.key != key:
            raise self._unknown(word, [key], f'"{key}" is missing before "{word.text}"')
        self.next += 1

    def _clauses(self, result: Sentence) -> None:
        until = False
        while (word := self._peek()) is not None:
            self.next += 1
            if word.key == "or":
                follow = self._peek()
                if follow is None:
                    raise SentenceError(f'"{self.text}" ends after "or"', GRAMMAR)
                if follow.key in ("for", "until"):
                    continue
                if not until:
                    raise self._unknown(
                        follow, ["until"], f'"until" is missing before "{follow.text}"'
                    )
                result.ends.append(self._amount(amounts.LIMITS, "until"))
            elif word.key == "until":
                until = True
                result.ends.append(self._amount(amounts.LIMITS, "until"))
            elif word.key == "for":
                if result.duration is not None:
                    raise self._pointed(word, "is given twice", "keep one duration")
                result.duration = self._amount(("time",), "for")
            elif word.key == "at":
                if result.ambient is not None:
                    raise self._pointed(word, "is given twice", "keep one temperature")
                result.ambient = self._amount(("temperature",), "at")
            elif (missing := self._missing(self.next - 1)) is not None:
                raise missing
            else:
                raise self._unknown(word, list(_CLAUSES))

    def _missing(self, start: int) -> SentenceError | None:
        """A time or a limit that lacks its "for" or "until"."""
        end = start
        while end < len(self.words) and self.words[end].key not in _STOPPED_BY:
            end += 1
        for last in range(end, start, -1):
            text = self._between(self.words[start:last])
            try:
                found = amounts.read(text)
            except ValueError:
                continue
            key = "for" if found.kind == "time" else "until"
            if found.kind == "time" or found.kind in amounts.LIMITS:
                said = self._arrow(f'"{key}" is missing before "{text}"', self.words[start])
                return SentenceError(said, f'write "{key} {text}"')
        return None

    def _amount(self, kinds: tuple[str, ...], after: str) -> Amount:
        """Read the words up to the next clause as one quantity of these kinds."""
        first = self.next
        while (word := self._peek()) is not None and word.key not in _STOPPED_BY:
            self.next += 1
        taken = self.words[first : self.next]
        if not taken:
            raise SentenceError(
                f'"{self.text}" has nothing after "{after.split()[-1]}"',
                f"write {amounts.listing(kinds)}",
            )
        text = self._between(taken)
        try:
            found = amounts.read(text, kinds)
        except ValueError as error:
            raise self._bad_amount(taken, str(error), kinds) from None
        if found.side and after != "until":
            place = Word(text, taken[0].start)
            raise self._pointed(place, "is a limit", f'write "until {text}", and here a value')
        if found.kind not in kinds:
            raise self._pointed(
                Word(text, taken[0].start), *_misplaced(found, kinds, after, self.text)
            )
        return found

    def _between(self, words: list[Word]) -> str:
        return self.text[words[0].start : words[-1].start + len(words[-1].text)]

    def _bad_amount(self, words: list[Word], why: str, kinds: tuple[str, ...]) -> SentenceError:
        """Find the word that spoils a quantity: the first after a part that is a quantity."""
        for size in range(len(words) - 1, 0, -1):
            try:
                amounts.read(self._between(words[:size]), kinds)
            except ValueError:
                continue
            missing = self._missing(self.words.index(words[size]))
            return missing or self._unknown(words[size], list(_CLAUSES))
        what, remedy = parts(why)
        if kinds == ("time",) and words[-1].key not in amounts.TIME_WORDS:
            remedy = did_you_mean(words[-1].text, amounts.TIME_WORDS) or remedy
        place = Word(self._between(words), words[0].start)
        hints = [remedy, f"write {amounts.listing(kinds)}"]
        if not place.text[:1].isdigit():
            hints.append(GRAMMAR)
        return SentenceError(self._arrow(what, place), "; ".join(h for h in hints if h))

    def _file(self, result: Sentence) -> None:
        span = file_span(self.text)
        if span is None or self.text[slice(*span)].lower() in _CLAUSES:
            raise SentenceError(f'"{self.text}" names no file', GRAMMAR)
        result.file = self.text[slice(*span)]
        rest = self.text[span[1] :]
        mark = re.match(r"[\"']?\s*\(\s*([^)]*?)\s*\)", rest)
        if mark is None:
            raise SentenceError(
                f'"{self.text}" does not say what the file holds',
                f'write "Run {result.file} (A)" for a current; (C), (W), (V) or (Ohm) for C-rate, '
                "power, voltage or resistance",
            )
        column = next((c for c in COLUMNS if c.lower() == mark[1].lower()), None)
        if column is None:
            raise self._pointed(
                Word(mark[1], span[1] + mark.start(1)),
                "is not what a file can hold",
                "write (A), (C), (W), (V) or (Ohm); the header of the column has the unit",
            )
        result.column = COLUMNS[column]
        end = span[1] + mark.end()
        self.next = next((i for i, w in enumerate(self.words) if w.start >= end), len(self.words))

    def _arrow(self, what: str, word: Word) -> str:
        return f"{what}\n        {self.text}\n        {' ' * word.start}{'^' * len(word.text)}"

    def _pointed(self, word: Word, what: str, remedy: str) -> SentenceError:
        return SentenceError(self._arrow(f'"{word.text}" {what}', word), remedy)

    def _unknown(self, word: Word, known: list[str], what: str = "") -> SentenceError:
        near = did_you_mean(word.text, known)
        said = self._arrow(what or f'"{word.text}" is not understood', word)
        return SentenceError(said, f"{near} {GRAMMAR}" if near else GRAMMAR)


def _misplaced(found: Amount, kinds: tuple[str, ...], after: str, text: str) -> tuple[str, str]:
    """What to say of a quantity that is good, but not in this place."""
    verb = text.split()[0].capitalize()
    wanted = f"write {amounts.listing(kinds)}"
    what = f"is a {found.kind}"
    if after == "at" and found.kind in amounts.LIMITS:
        return what, f'write "until {found.text}", or {wanted}'
    if found.kind == "voltage" and after != "until":
        return f"{what}, and a {verb.lower()} takes a current, C-rate, power or resistance", (
            f'"Hold at {found.text}", or {wanted}'
        )
    if after == "Hold at" and found.kind in amounts.RATES:
        return f"{what}, and only a voltage or a resistance is held", (
            f'"Charge at {found.text}", or {wanted}'
        )
    if after in ("until", "at") and found.kind == "time":
        return what, f'write "for {found.text}"'
    if after == "until" and found.kind.startswith("power"):
        return f"{what}, which cannot end a step", wanted
    return what, wanted
