"""Which counts of linked tables are kept back so that none of the small ones can be worked out. Pure.

Small counts are kept back first, and those that are kept back elsewhere. Others follow until for every
count that is kept back there are two whole tables of counts of 0 or more, equal in all that is published,
between which it differs by ``Rule.width`` at least. Whoever subtracts, solves the sums or bounds them by
nought cannot rule out either, so no attack on the published numbers narrows the count further. The two
tables are found before a count is let be.

A table is moved into another by ``_Search``: one count goes up or down by one, which puts its sums out, and
others go up or down until every sum holds again; the cheapest such move decides what else is kept back. In
tables of two dimensions, in trees, and in a table with a tree on one side this is the search for augmenting
paths (Ford and Fulkerson 1956; for tables Gusfield 1988, SIAM J Comput 17:552), and misses none. In other
tables it may miss some; then it keeps back all that hangs together, which hides as much as can be.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

__all__ = ["RULE", "Key", "Rule", "Sum", "Suppression", "suppress"]

Key: TypeAlias = Hashable
"""What names a count; the same count in two tables has one name."""
_Move: TypeAlias = dict[Key, int]
_Path: TypeAlias = "tuple[Key, int, _Path] | None"
"""Steps, the last first: a count, by how much, and what came before."""
_Off: TypeAlias = tuple[tuple[int, int], ...]
"""Which sums are out, and by how much."""

_MOST_STEPS: Final = 2_000
"""After how many steps a search outside the tables that it understands wholly is given up."""
_OF_A_COUNT: Final = 100
_OF_A_WHOLE: Final = 300
_OF_NOUGHT: Final = 50
_OF_TOO_FEW: Final = 80
_STILL_OFF: Final = 150
"""What a sum that is still out is reckoned to cost: whoever has few left to put right is followed first."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Counts from 1 to below ``least`` are small. Of every count kept back at least ``width + 1`` values stay
    possible, and its highest lies ``width`` or more above its lowest."""

    least: int = 5
    width: int = 4


RULE: Final = Rule()


@dataclass(frozen=True, slots=True)
class Sum:
    """``whole`` is the sum of ``parts``, as everybody knows who reads the table."""

    whole: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Suppression:
    """What is kept back. ``small`` of it are the small counts themselves. ``narrow`` are those of which no
    two tables far enough apart were found: what is known from elsewhere narrows them, whatever is kept back.
    """

    kept_back: frozenset[Key]
    small: frozenset[Key]
    narrow: frozenset[Key]


def suppress(
    counts: Mapping[Key, int],
    sums: Sequence[Sum],
    rule: Rule = RULE,
    known: Collection[Key] = (),
    hidden: Collection[Key] = (),
) -> Suppression:
    """Keep back the small counts and as many others as it takes; the same answer for the same input.

    ``known`` are counts that can be read elsewhere: they are never kept back, and protect nobody. Of a known
    total that is small all parts are kept back, and theirs. ``hidden`` are kept back elsewhere: here too,
    whatever their size, and protected as small ones are. Any other nought is published unless it is needed
    to hide another count. Every count kept back that is not ``narrow`` is protected by ``rule``; a narrow one
    stays as open as if all but ``known`` were kept back.
    ``ValueError`` for a count below 0, for a sum that does not add up, and for one of ``hidden`` that is
    ``known`` or not counted.
    """
    _check(counts, sums)
    known, hidden = frozenset(known), frozenset(hidden)
    if not hidden <= counts.keys() - known:
        raise ValueError("what is kept back elsewhere is counted here, and cannot be read elsewhere")
    small = {key for key, count in counts.items() if 0 < count < rule.least and key not in known}
    most = _below(counts, sums, known, rule.least)
    first = [key for key in counts if key in small or key in hidden or key in most]
    work = _Work(dict(counts), _Search(counts, sums, known), rule.width, most, set(first))
    waiting = deque(first)
    while waiting:
        waiting.extend(work.protect(waiting.popleft()))
    return Suppression(frozenset(work.kept_back), frozenset(small), frozenset(work.narrow))


def _check(counts: Mapping[Key, int], sums: Sequence[Sum]) -> None:
    for key, count in counts.items():
        if count < 0:
            raise ValueError(f"{key} is {count}: a count is 0 or more")
    for each in sums:
        total = sum(counts[part] for part in each.parts)
        if total != counts[each.whole]:
            raise ValueError(f"{each.whole} is {counts[each.whole]}, and its parts add up to {total}")


def _below(
    counts: Mapping[Key, int], sums: Sequence[Sum], known: frozenset[Key], least: int
) -> dict[Key, int]:
    """What lies below a known total of which so little is open that it is small, each with the most that it
    can be: a nought among it that were shown would leave fewer to choose from."""
    parts: dict[Key, list[Key]] = defaultdict(list)
    waiting: list[tuple[Key, int]] = []
    for each in sums:
        open_ = [part for part in each.parts if part not in known]
        parts[each.whole] += open_
        rest = sum(counts[part] for part in open_)
        if each.whole in known and 0 < rest < least:
            waiting += [(part, rest) for part in open_]
    most: dict[Key, int] = {}
    while waiting:
        key, rest = waiting.pop()
        if rest < most.get(key, least):
            most[key] = rest
            waiting += [(part, rest) for part in parts.get(key, ())]
    return most


@dataclass(slots=True)
class _Work:
    """The counts as they are, the most that some can be by what is known, and what is kept back so far."""

    counts: dict[Key, int]
    search: "_Search"
    width: int
    most: Mapping[Key, int]
    kept_back: set[Key]
    narrow: set[Key] = field(default_factory=set)
    given_up: set[Key] = field(default_factory=set)

    def protect(self, key: Key) -> list[Key]:
        """Keep back what it takes to leave ``key`` open; returns what was added."""
        if key in self.given_up:
            self.narrow.add(key)
            return []
        width = min(self.width, self.most.get(key, self.width))
        reach = _Reach(self.counts, self.search, key, width)
        added: list[Key] = []
        for adding in (False, True):
            for step in (-1, 1) if not adding else (1, -1):
                while (more := reach.further(step, self.kept_back, adding=adding)) is not None:
                    added += more
                    self.kept_back.update(more)
        if reach.found < self.width:
            self.narrow.add(key)
        if reach.found < width:
            added += self._give_up(key)
        return added

    def _give_up(self, key: Key) -> list[Key]:
        """What else goes where the search may have missed a move: all that hangs together."""
        if self.search.is_whole:
            return []
        hanging = self.search.hanging_on(key)
        added = [each for each in hanging if each not in self.kept_back]
        self.kept_back.update(added)
        self.given_up.update(hanging)
        return added


class _Reach:
    """How far one count is shown to go up and down: two tables of counts, moved apart step by step."""

    def __init__(self, counts: Mapping[Key, int], search: "_Search", key: Key, width: int) -> None:
        self.search, self.key, self.width = search, key, width
        self.found = 0
        self.tables = {-1: dict(counts), 1: dict(counts)}

    def further(self, step: int, kept_back: set[Key], *, adding: bool) -> list[Key] | None:
        """Move the count further in the direction of ``step``; returns what has to be kept back for it,
        which without ``adding`` is nothing. ``None``: far enough, or there is no way."""
        wanted, table = self.width - self.found, self.tables[step]
        if wanted <= 0:
            return None
        move = self.search.move(table, self.key, step, kept_back, wanted if adding else 0)
        if move is None:
            return None
        times = min([wanted, *(table[key] // -by for key, by in move.items() if by < 0)])
        for key, by in move.items():
            table[key] += by * times
        self.found += times
        return [key for key in move if key not in kept_back]


class _Search:
    """The sums, and the search for moves that keep all of them."""

    def __init__(self, counts: Mapping[Key, int], sums: Sequence[Sum], known: frozenset[Key]) -> None:
        self.known = known
        self.order = {key: place for place, key in enumerate(counts)}
        self.in_sums: dict[Key, list[tuple[int, int]]] = defaultdict(list)
        self.of_sum: list[list[tuple[Key, int]]] = []
        for number, each in enumerate(sums):
            signs = [(each.whole, -1), *((part, 1) for part in each.parts)]
            self.of_sum.append([(key, sign) for key, sign in signs if key not in known])
            for key, sign in signs:
                if key not in known:
                    self.in_sums[key].append((number, sign))
        self.wholes = {each.whole for each in sums}
        self.is_whole = self._is_network()

    def move(
        self, table: Mapping[Key, int], key: Key, step: int, kept_back: set[Key], adding: int
    ) -> _Move | None:
        """The cheapest move of ``table`` in which ``key`` goes by ``step`` and all else but what is kept back
        stays; where ``adding`` is not 0 others may move too, at the cost of keeping them back."""
        if table[key] + step < 0:
            return None
        start = _settled({number: sign * step for number, sign in self.in_sums[key]})
        anchor = start[0][0] if start else -1
        queue: list[tuple[int, int, int, _Off, _Path]] = [(0, 0, 0, start, (key, step, None))]
        seen: set[_Off] = set()
        pushed = 0
        while queue and (self.is_whole or len(seen) < _MOST_STEPS):
            _, _, cost, off, path = heapq.heappop(queue)
            if not off:
                return _summed(path)
            if off in seen:
                continue
            seen.add(off)
            number, amount = off[-1] if off[-1][0] != anchor else off[0]
            for other, by in self._answers(number, amount, kept_back, adding):
                if other == key or (by < 0 and table[other] + _moved(path, other) < 1):
                    continue
                after = self._after(off, other, by)
                if after in seen:
                    continue
                pushed += 1
                spent = cost + 1 + self._price(table, other, by, kept_back, adding)
                onward = (other, by, path)
                if not after and not adding:
                    return _summed(onward)  # all cost the same: the first way is as good as any
                heapq.heappush(queue, (spent + _STILL_OFF * len(after), pushed, spent, after, onward))
        return None

    def hanging_on(self, key: Key) -> list[Key]:
        """Every count that some chain of sums ties to ``key``, in their order."""
        found, waiting = {key}, [key]
        while waiting:
            for number, _ in self.in_sums[waiting.pop()]:
                new = {each for each, _ in self.of_sum[number]} - found
                found |= new
                waiting += new
        return sorted(found, key=self.order.__getitem__)

    def _answers(
        self, number: int, amount: int, kept_back: set[Key], adding: int
    ) -> Iterator[tuple[Key, int]]:
        """The counts of a sum that is out and that may move, each with the step that puts the sum right."""
        turn = -1 if amount > 0 else 1
        for key, sign in self.of_sum[number]:
            if adding or key in kept_back:
                yield key, sign * turn

    def _after(self, off: _Off, key: Key, by: int) -> _Off:
        amounts = dict(off)
        for number, sign in self.in_sums[key]:
            amounts[number] = amounts.get(number, 0) + sign * by
        return _settled(amounts)

    def _price(self, table: Mapping[Key, int], key: Key, by: int, kept_back: set[Key], adding: int) -> int:
        """What it costs to move ``key``: nothing where it is kept back already; else a whole costs more than
        a part, a nought more than a count, and one that cannot go down far enough more than one that can."""
        if key in kept_back:
            return 0
        price = _OF_A_COUNT + (_OF_A_WHOLE if key in self.wholes else 0)
        price += _OF_NOUGHT if not table[key] else 0
        return price + (_OF_TOO_FEW if by < 0 and table[key] < adding else 0)

    def _is_network(self) -> bool:
        """Whether every count stands in two sums at most, with opposite signs once some sums are turned
        over: then the counts are the edges of a network, and the search misses no move."""
        turned: dict[int, int] = {}
        if any(len(found) > 2 for found in self.in_sums.values()):
            return False
        for number in range(len(self.of_sum)):
            if number not in turned and not self._turn_from(number, turned):
                return False
        return True

    def _turn_from(self, number: int, turned: dict[int, int]) -> bool:
        turned[number] = 1
        waiting = [number]
        while waiting:
            here = waiting.pop()
            for key, sign in self.of_sum[here]:
                for there, other in self.in_sums[key]:
                    if there == here:
                        continue
                    wanted = -turned[here] * sign * other
                    if there not in turned:
                        turned[there] = wanted
                        waiting.append(there)
                    elif turned[there] != wanted:
                        return False
        return True


def _moved(path: _Path, key: Key) -> int:
    """By how much ``key`` is moved on the way."""
    total, here = 0, path
    while here is not None:
        total += here[1] if here[0] == key else 0
        here = here[2]
    return total


def _summed(path: _Path) -> _Move:
    """The whole move, without what went to and fro."""
    move: _Move = {}
    here = path
    while here is not None:
        move[here[0]] = move.get(here[0], 0) + here[1]
        here = here[2]
    return {key: by for key, by in reversed(move.items()) if by}


def _settled(amounts: Mapping[int, int]) -> _Off:
    return tuple(sorted((number, amount) for number, amount in amounts.items() if amount))
