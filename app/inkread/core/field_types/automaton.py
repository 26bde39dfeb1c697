"""Finite automata over characters: what may stand in a field, and what may follow a beginning.

A `Language` adds states and edges to a nondeterministic automaton, from the states where it may
begin, and returns those where it may end; `determined` makes the deterministic one by the subset
construction (Rabin and Scott 1959) and drops the states from which no text can be completed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

#: The state of a text that no text of the language begins with.
DEAD = -1

States = frozenset[int]


class Nondeterministic:
    """The edges of each state: some characters, and the state that they lead to."""

    def __init__(self) -> None:
        self.edges: list[list[tuple[frozenset[str], int]]] = [[]]

    def step(self, start: States, characters: frozenset[str]) -> States:
        """One of the characters, from any of some states."""
        self.edges.append([])
        new = len(self.edges) - 1
        for state in start:
            self.edges[state].append((characters, new))
        return frozenset((new,))


Language = Callable[[Nondeterministic, States], States]


def one(characters: Iterable[str]) -> Language:
    """Any one of some characters."""
    every = frozenset(characters)
    return lambda automaton, start: automaton.step(start, every)


def word(text: str) -> Language:
    """The characters of a text, one after the other."""
    return then(*map(one, text))


def then(*parts: Language) -> Language:
    """One language after the other."""

    def build(automaton: Nondeterministic, states: States) -> States:
        for part in parts:
            states = part(automaton, states)
        return states

    return build


def either(*parts: Language) -> Language:
    """Any one of some languages."""

    def build(automaton: Nondeterministic, start: States) -> States:
        return frozenset().union(*(part(automaton, start) for part in parts))

    return build


def words(texts: Iterable[str]) -> Language:
    """Any one of some texts."""
    return either(*map(word, texts))


def maybe(part: Language) -> Language:
    """A language, or nothing."""
    return lambda automaton, start: start | part(automaton, start)


def many(part: Language) -> Language:
    """A language as often as wanted, or not at all."""

    def build(automaton: Nondeterministic, start: States) -> States:
        known = {state: len(automaton.edges[state]) for state in start}
        ends = part(automaton, start)
        entries = [edge for state, n in known.items() for edge in automaton.edges[state][n:]]
        for state in ends - start:
            automaton.edges[state] += dict.fromkeys(entries)
        return start | ends

    return build


def times(part: Language, count: int) -> Language:
    """A language so many times."""
    return then(*[part] * count)


@dataclass(frozen=True, slots=True, eq=False)
class Automaton:
    """A deterministic automaton; it begins in state 0.

    Attributes
    ----------
    edges : tuple of mapping
        For each state the next one by character; from each of them some text can be completed.
    accepting : frozenset of int
        The states where a text may end.
    """

    edges: tuple[Mapping[str, int], ...]
    accepting: frozenset[int]

    def after(self, text: str, state: int = 0) -> int:
        """The state behind a text, or `DEAD`."""
        for sign in text:
            if state == DEAD:
                break
            state = self.edges[state].get(sign, DEAD)
        return state

    def accepts(self, text: str) -> bool:
        """Whether a text is in the language."""
        return self.after(text) in self.accepting

    @property
    def characters(self) -> frozenset[str]:
        """The characters of its texts."""
        return frozenset().union(*self.edges)

    def table(self, labels: Sequence[str]) -> list[list[int]]:
        """For each state and label the next state, or `DEAD`."""
        return [[edges.get(label, DEAD) for label in labels] for edges in self.edges]


def determined(language: Language) -> Automaton:
    """The automaton of a language.

    Parameters
    ----------
    language : callable
        Of at least one text.
    """
    source = Nondeterministic()
    ends = language(source, frozenset((0,)))
    index = {frozenset((0,)): 0}
    order = list(index)
    found: list[dict[str, int]] = []
    for states in order:  # grows
        to: dict[str, set[int]] = {}
        for state in states:
            for characters, end in source.edges[state]:
                for sign in characters:
                    to.setdefault(sign, set()).add(end)
        row = {}
        for sign, reached in to.items():
            key = frozenset(reached)
            if key not in index:
                index[key] = len(order)
                order.append(key)
            row[sign] = index[key]
        found.append(row)
    accepting = frozenset(i for i, states in enumerate(order) if states & ends)
    return _completable(found, accepting)


def _completable(edges: list[dict[str, int]], accepting: frozenset[int]) -> Automaton:
    """Without the edges that lead where no text can be completed."""
    before: list[list[int]] = [[] for _ in edges]
    for state, row in enumerate(edges):
        for end in row.values():
            before[end].append(state)
    alive, left = set(accepting), list(accepting)
    while left:
        new = [state for state in before[left.pop()] if state not in alive]
        alive.update(new)
        left += new
    return Automaton(
        tuple({sign: end for sign, end in row.items() if end in alive} for row in edges), accepting
    )
