"""Rows of a CSV file that a line break within a text, not in quotes, has torn in two.

A part of a row looks like a row that ends early, and what it says may be half a text. Programs also leave
empty cells out at the end of rows. So a short row is refused where other rows are as long as the heading,
and its neighbour with it where that may be its other part. Where no row is that long, the file leaves out
empty cells at the end, and only rows that together make one row are refused.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from django.utils.translation import gettext as _

from catalog.sheets.cells import Cell, is_empty


class TornRows:
    """`width` is how many columns the heading names; `reads` says whether cells fit their columns."""

    def __init__(self, titles: Sequence[Cell], reads: Callable[[Sequence[str]], bool]) -> None:
        self._width = max((place for place, title in enumerate(titles, 1) if not is_empty(title)), default=0)
        self._reads = reads
        self._numbers: list[int] = []
        self._lengths: list[int] = []  # of each row, at most the heading's
        self._halves: set[int] = set()  # places of rows that only make sense with the row above
        self._last: Sequence[str] = ()

    def note(self, number: int, cells: Sequence[str]) -> None:
        """Take down a row; they come in their order."""
        if len(self._last) + len(cells) == self._width + 1 and self._is_rest_of_last(cells):
            self._halves.add(len(self._numbers))
        self._numbers.append(number)
        self._lengths.append(min(len(cells), self._width))
        self._last = cells

    def problem(self, number: int) -> str:
        """What is wrong with this row, once all are noted; empty where nothing is."""
        if number not in self._torn:
            return ""
        return _(
            "This row and the ones beside it differ in how many cells they have: a line break within a text "
            "may have torn a row in two. Put such a text in quotes; fill a row that ends early up with "
            "separators."
        )

    @cached_property
    def _torn(self) -> frozenset[int]:
        longest = max(self._lengths, default=0)
        places = (
            self._where_rows_are_whole() if longest >= self._width else self._where_all_end_early(longest)
        )
        return frozenset(self._numbers[place] for place in places if 0 <= place < len(self._numbers))

    def _where_rows_are_whole(self) -> Iterator[int]:
        """Short rows; and those around them, unless the short ones make whole rows by themselves."""
        for first, last in self._short_runs():
            yield from range(first, last + 1)
            if not self._makes_whole_rows(self._lengths[first : last + 1]):
                yield from (first - 1, last + 1)

    def _short_runs(self) -> Iterator[tuple[int, int]]:
        first = None
        for place, length in enumerate([*self._lengths, self._width]):
            if length < self._width and first is None:
                first = place
            elif length >= self._width and first is not None:
                yield first, place - 1
                first = None

    def _makes_whole_rows(self, lengths: Sequence[int]) -> bool:
        """Where a row is torn, one cell is in both parts."""
        joined = 0
        for length in lengths:
            joined = joined + length - 1 if joined else length
            if joined > self._width:
                return False
            if joined == self._width:
                joined = 0
        return not joined

    def _where_all_end_early(self, longest: int) -> Iterator[int]:
        for place, (above, below) in enumerate(pairwise(self._lengths)):
            together = above + below - 1
            as_one = together == self._width and (above != below or place + 1 in self._halves)
            if together <= longest or as_one:
                yield from (place, place + 1)

    def _is_rest_of_last(self, cells: Sequence[str]) -> bool:
        if not self._last or not cells:
            return False
        joined = [*self._last[:-1], f"{self._last[-1]} {cells[0]}", *cells[1:]]
        return self._reads(joined) and not self._reads(cells)
