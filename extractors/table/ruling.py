"""The ruling lines of a page to the cells of its tables. Pure geometry, in points, y growing downwards.

pdfplumber's own finder makes a cell only where four rules meet. Forms come with double, dashed and missing
rules, with rows cut open by a page edge and tables of a single row, so here the rules span a lattice and
neighbours without a rule between them are one cell: a merged cell gets its span from the lines it crosses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reference.model import Box

SAME = 2.5
"""Rules this near to each other are one: a double border is 1 to 2 points wide."""
TOUCH = 3.0
"""Rules that miss each other by no more still meet."""
DASH_GAP = 4.0
"""Pieces of one rule, as dashes are drawn, stand no further apart."""
SHORTEST = 5.0
"""Anything shorter is part of a drawing: no row is as low."""
COVERED = 0.5
"""Share of a lattice edge that a rule must cover to part the cells beside it."""
OPEN_ENDS = 3
"""So many upright rules that end together mark the edge of a table whose rule there is missing."""
MARGIN = 8.0
"""Rules that stick out of a table by less do not open another column."""
FEWEST = 3
"""Rules of a table: two alone are a corner, as the paper's edges make before a darker desk."""
MOST_RULES = 5_000
MOST_POSITIONS = 250_000


class TooManyRulesError(Exception):
    """A drawing, or an attack: no form has as many lines on a page."""


class Rule(NamedTuple):
    """A horizontal rule (`at` is its y) or an upright one (`at` is its x), from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class RuledCell:
    """A cell: its first row and column from 0, how many of each it covers, and its box."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table's lattice lines and cells. `cell_at[row][column]` is an index into `cells`."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[RuledCell, ...]
    cell_at: tuple[tuple[int, ...], ...]

    @property
    def box(self) -> Box:
        """The table's outline."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def cell_of(self, x: float, y: float) -> int | None:
        """The index of the cell that holds a point; None outside the table."""
        column = bisect_right(self.xs, x) - 1
        row = bisect_right(self.ys, y) - 1
        inside = 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1
        return self.cell_at[row][column] if inside else None


def find_tables(horizontal: Iterable[Rule], upright: Iterable[Rule]) -> list[RuledTable]:
    """The tables that a page's rules form, the innermost first.

    Raises:
        TooManyRulesError: the page holds more lines than any form.
    """
    across, down = merged(horizontal), merged(upright)
    if len(across) + len(down) > MOST_RULES:
        raise TooManyRulesError
    across += _missing_edges(across, down)
    tables = [
        table
        for own_across, own_down in _connected(across, down)
        if len(own_across) + len(own_down) >= FEWEST
        if (table := _table([across[i] for i in own_across], [down[i] for i in own_down]))
    ]
    return _without_frames(sorted(tables, key=lambda table: _area(table.box)))


def merged(rules: Iterable[Rule]) -> list[Rule]:
    """Rules with doubles, overlaps and dashes made one; scraps are left out."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][0].at <= SAME:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    out: list[Rule] = []
    for group in groups:
        runs: list[list[Rule]] = []
        reach = 0.0
        for rule in sorted(group, key=lambda rule: rule.start):
            if runs and rule.start - reach <= DASH_GAP:
                runs[-1].append(rule)
                reach = max(reach, rule.end)
            else:
                runs.append([rule])
                reach = rule.end
        out += [whole for run in runs if (whole := _whole(run)).end - whole.start >= SHORTEST]
    return sorted(out)


def _whole(run: Sequence[Rule]) -> Rule:
    middle = (min(rule.at for rule in run) + max(rule.at for rule in run)) / 2
    return Rule(middle, min(rule.start for rule in run), max(rule.end for rule in run))


def _missing_edges(across: Sequence[Rule], down: Sequence[Rule]) -> list[Rule]:
    """The rules that a page edge took: where upright rules end together and no rule runs."""
    out: list[Rule] = []
    ends: tuple[Callable[[Rule], float], ...] = (lambda rule: rule.start, lambda rule: rule.end)
    for end in ends:
        for group in _clusters(down, end, TOUCH):
            left, right = min(rule.at for rule in group), max(rule.at for rule in group)
            y = end(group[0])
            if len(group) >= OPEN_ENDS and not _runs(across, y, left, right):
                out.append(Rule(y, *_reach(across, group, left, right)))
    return out


def _reach(across: Sequence[Rule], group: Sequence[Rule], left: float, right: float) -> tuple[float, float]:
    """How far a missing edge went: as far as the rules that cross all of its upright ones."""
    top, bottom = max(rule.start for rule in group) - TOUCH, min(rule.end for rule in group) + TOUCH
    crossing = [
        rule
        for rule in across[bisect_left(across, (top,)) : bisect_right(across, (bottom, float("inf")))]
        if rule.start <= left + TOUCH and rule.end >= right - TOUCH
    ]
    first = _shared_end(sorted(rule.start for rule in crossing)) if crossing else None
    last = _shared_end(sorted((rule.end for rule in crossing), reverse=True)) if crossing else None
    return min(left, first or left), max(right, last or right)


def _clusters(rules: Sequence[Rule], key: Callable[[Rule], float], width: float) -> list[list[Rule]]:
    out: list[list[Rule]] = []
    for rule in sorted(rules, key=key):
        if out and key(rule) - key(out[-1][0]) <= width:
            out[-1].append(rule)
        else:
            out.append([rule])
    return out


def _runs(rules: Sequence[Rule], at: float, start: float, end: float) -> bool:
    """Whether rules near `at` cover most of the way from `start` to `end`; `rules` are sorted."""
    near = rules[bisect_left(rules, (at - TOUCH,)) : bisect_right(rules, (at + TOUCH, float("inf")))]
    covered = sum(max(0.0, min(end, rule.end) - max(start, rule.start)) for rule in near)
    return covered >= COVERED * (end - start)


def _connected(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[int], list[int]]]:
    """Groups of rules that meet one another, as indexes of the horizontal and of the upright ones."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    xs = [rule.at for rule in down]
    for i, rule in enumerate(across):
        first, last = bisect_left(xs, rule.start - TOUCH), bisect_right(xs, rule.end + TOUCH)
        for j in range(first, last):
            if down[j].start - TOUCH <= rule.at <= down[j].end + TOUCH:
                parent[root(i)] = root(len(across) + j)
    groups: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i in range(len(across)):
        groups[root(i)][0].append(i)
    for j in range(len(down)):
        groups[root(len(across) + j)][1].append(j)
    return [group for group in groups.values() if group[0] and group[1]]


def _table(across: Sequence[Rule], down: Sequence[Rule]) -> RuledTable | None:
    """The table of one group of rules; None where they enclose nothing."""
    xs = _lattice([rule.at for rule in down], across)
    ys = _lattice([rule.at for rule in across], down)
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 1:
        return None
    if height * width > MOST_POSITIONS:
        raise TooManyRulesError
    walls = _walls(down, xs, ys)
    floors = _walls(across, ys, xs)
    cells, cell_at = _cells(height, width, walls, floors, xs, ys)
    return RuledTable(xs, ys, cells, cell_at)


def _lattice(positions: Sequence[float], crossing: Sequence[Rule]) -> tuple[float, ...]:
    """The lattice's lines one way: the rules, and the outer edges that only the crossing rules' ends show."""
    lines: list[list[float]] = []
    for at in sorted(positions):
        if lines and at - lines[-1][0] <= TOUCH:
            lines[-1].append(at)
        else:
            lines.append([at])
    out = [sum(line) / len(line) for line in lines]
    first = _shared_end(sorted(rule.start for rule in crossing))
    last = _shared_end(sorted((rule.end for rule in crossing), reverse=True))
    if out and first is not None and first < out[0] - MARGIN:
        out.insert(0, first)
    if out and last is not None and last > out[-1] + MARGIN:
        out.append(last)
    return tuple(out)


def _shared_end(ends: Sequence[float]) -> float | None:
    """Where the outermost rules end, unless the furthest one does so alone among several."""
    alone = len(ends) > 1 and abs(ends[0] - ends[1]) > TOUCH
    return None if alone else ends[0]


def _walls(rules: Sequence[Rule], lines: Sequence[float], cross: Sequence[float]) -> list[list[bool]]:
    """For each lattice line, which of its edges between crossing lines a rule covers."""
    cover = [[0.0] * (len(cross) - 1) for _ in lines]
    for rule in rules:
        line = min(range(len(lines)), key=lambda i: abs(lines[i] - rule.at))
        first = max(0, bisect_right(cross, rule.start) - 1)
        for k in range(first, len(cross) - 1):
            if cross[k] >= rule.end:
                break
            cover[line][k] += max(0.0, min(rule.end, cross[k + 1]) - max(rule.start, cross[k]))
    return [[length >= COVERED * (cross[k + 1] - cross[k]) for k, length in enumerate(row)] for row in cover]


def _cells(
    height: int,
    width: int,
    walls: Sequence[Sequence[bool]],
    floors: Sequence[Sequence[bool]],
    xs: Sequence[float],
    ys: Sequence[float],
) -> tuple[tuple[RuledCell, ...], tuple[tuple[int, ...], ...]]:
    """Positions without a rule between them, as rectangles.

    Where such positions form no rectangle (a rule is missing, two tables of different width meet), each
    row's run of them is a cell of its own.
    """
    region = _regions(height, width, walls, floors)
    members: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for r in range(height):
        for c in range(width):
            members[region[r][c]].append((r, c))
    cells: list[RuledCell] = []
    cell_at = [[-1] * width for _ in range(height)]
    for positions in members.values():
        for top, bottom, left, right in _rectangles(positions):
            for r in range(top, bottom + 1):
                for c in range(left, right + 1):
                    cell_at[r][c] = len(cells)
            box = (xs[left], ys[top], xs[right + 1], ys[bottom + 1])
            cells.append(RuledCell(top, left, bottom - top + 1, right - left + 1, box))
    return tuple(cells), tuple(map(tuple, cell_at))


def _regions(
    height: int, width: int, walls: Sequence[Sequence[bool]], floors: Sequence[Sequence[bool]]
) -> list[list[int]]:
    """Numbers the groups of positions that no rule parts."""
    region = [[-1] * width for _ in range(height)]
    count = 0
    for r0 in range(height):
        for c0 in range(width):
            if region[r0][c0] >= 0:
                continue
            region[r0][c0] = count
            todo = [(r0, c0)]
            while todo:
                r, c = todo.pop()
                for open_, y, x in (
                    (c + 1 < width and not walls[c + 1][r], r, c + 1),
                    (c > 0 and not walls[c][r], r, c - 1),
                    (r + 1 < height and not floors[r + 1][c], r + 1, c),
                    (r > 0 and not floors[r][c], r - 1, c),
                ):
                    if open_ and region[y][x] < 0:
                        region[y][x] = count
                        todo.append((y, x))
            count += 1
    return region


def _rectangles(positions: Sequence[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """(top, bottom, left, right) of a group: one where it is a rectangle, otherwise its rows' runs."""
    rows, columns = [r for r, _ in positions], [c for _, c in positions]
    top, bottom, left, right = min(rows), max(rows), min(columns), max(columns)
    if len(positions) == (bottom - top + 1) * (right - left + 1):
        return [(top, bottom, left, right)]
    runs: list[tuple[int, int, int, int]] = []
    for r, c in sorted(positions):
        if runs and runs[-1][0] == r and runs[-1][3] == c - 1:
            runs[-1] = (r, r, runs[-1][2], c)
        else:
            runs.append((r, r, c, c))
    return runs


def _without_frames(tables: Sequence[RuledTable]) -> list[RuledTable]:
    """Drops frames around other tables, and boxes drawn inside a cell of another table."""
    out: list[RuledTable] = []
    for i, table in enumerate(tables):
        others = [other for j, other in enumerate(tables) if j != i]
        frame = len(table.cells) == 1 and any(_within(other.box, table.box) for other in others)
        small = len(table.xs) <= 3 or len(table.ys) <= 2
        boxed = small and any(
            len(other.cells) > 1 and any(_within(table.box, cell.box) for cell in other.cells)
            for other in others
            if _within(table.box, other.box)
        )
        if not frame and not boxed:
            out.append(table)
    return out


def _within(inner: Box, outer: Box) -> bool:
    return (
        inner != outer
        and inner[0] >= outer[0] - TOUCH
        and inner[1] >= outer[1] - TOUCH
        and inner[2] <= outer[2] + TOUCH
        and inner[3] <= outer[3] + TOUCH
    )


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
