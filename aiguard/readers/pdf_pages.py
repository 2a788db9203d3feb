"""Look at what is drawn on a PDF page beside text, and judge whether its text is all that can be read on it."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiguard.readers.budget import Budget

IMAGE_ONLY: Final = (
    "画像だけのページのため文字を読めません。目で見て確かめるか、文字を読み取れる形（OCR）にしてください"
)
UNMAPPED: Final = "文字の情報が欠けているため正しく読めません。元のソフトから文字を選べる形でPDFに保存し直してください"
OUTLINED: Final = "文字が図形として描かれている可能性があり読めません。目で見て確かめてください"
_COVERED: Final = 0.5  # of the page, by images
_FEW: Final = 50  # visible characters of a page that its image says more than
_HARDLY_ANY: Final = 20  # such as a page number
_DRAWN: Final = 300  # path segments: ten outlined characters or so, or the rules of no common table
_LOST: Final = 0.1  # of the characters of a page
_PICTURE: Final = 20.0  # points of each side (7 mm): below it is an ornament
_RUNS: Final = 10  # of pages, that are named one by one
_NESTED: Final = 8  # form objects in form objects
_OBJECTS: Final = 200_000  # objects of a page that are looked at
_CHECK: Final = 0xFFF  # objects between two looks at the clock

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Final[Matrix] = (1, 0, 0, 1, 0, 0)


class Drawn(NamedTuple):
    """Hold what a page shows: the share that images cover, how many are pictures, how many path segments."""

    covered: float
    pictures: int
    segments: int


class _Place(NamedTuple):
    """Hold a container of objects: how to count and get them, and where it stands."""

    holder: object
    inside: bool
    matrix: Matrix
    depth: int


def look(page: object, size: tuple[float, float, float, float], budget: Budget) -> Drawn:
    """Look at the objects of a page by its FPDF_PAGE; `size` is its left, bottom, right and top in points.

    Form objects are entered to a depth of 8; ReadError once the time is up.
    """
    import pypdfium2.raw as pdfium

    area = max(1.0, (size[2] - size[0]) * (size[3] - size[1]))
    covered, pictures, segments, seen = 0.0, 0, 0, 0
    places = [_Place(page, False, _IDENTITY, 0)]  # noqa: FBT003 - a page is no form object
    while places:
        place = places.pop()
        for held in _objects(place):
            seen += 1
            if seen > _OBJECTS:
                return Drawn(min(1.0, covered / area), pictures, segments)
            if not seen & _CHECK:
                budget.check_time()
            kind = pdfium.FPDFPageObj_GetType(held)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                width, height = _visible(held, place.matrix, size)
                covered += width * height
                pictures += width >= _PICTURE and height >= _PICTURE
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                segments += max(0, pdfium.FPDFPath_CountSegments(held))
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and place.depth < _NESTED:
                places.append(_Place(held, True, _times(_matrix(held), place.matrix), place.depth + 1))  # noqa: FBT003
    return Drawn(min(1.0, covered / area), pictures, segments)


def trouble(visible: int, unmapped: float, drawn: Drawn) -> str | None:
    """Return why the text of a page is not all that stands on it, if so."""
    if unmapped > _LOST:
        return UNMAPPED
    if drawn.covered >= _COVERED and visible < _FEW:
        return IMAGE_ONLY
    return OUTLINED if visible < _HARDLY_ANY and drawn.segments >= _DRAWN else None


def ranges(numbers: Iterable[int]) -> str:
    """Write the numbers of pages, ascending, as briefly as people do: 1–12ページ、15ページ."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    told = "、".join(f"{a}ページ" if a == b else f"{a}–{b}ページ" for a, b in runs[:_RUNS])
    rest = sum(b - a + 1 for a, b in runs[_RUNS:])
    return f"{told}、ほか{rest}ページ" if rest else told


def _objects(place: _Place) -> Iterable[object]:
    import pypdfium2.raw as pdfium

    if place.inside:
        count, get = pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject
    else:
        count, get = pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject
    return (held for i in range(max(0, count(place.holder))) if (held := get(place.holder, i)))


def _visible(held: object, matrix: Matrix, size: Sequence[float]) -> tuple[float, float]:
    """Return the width and height of what of an object lies on the page."""
    import pypdfium2.raw as pdfium

    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(held, *map(ctypes.byref, edges)):
        return 0.0, 0.0
    left, bottom, right, top = (edge.value for edge in edges)
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    width = min(max(xs), size[2]) - max(min(xs), size[0])
    height = min(max(ys), size[3]) - max(min(ys), size[1])
    return max(0.0, width), max(0.0, height)


def _matrix(held: object) -> Matrix:
    import pypdfium2.raw as pdfium

    raw = pdfium.FS_MATRIX()
    return (raw.a, raw.b, raw.c, raw.d, raw.e, raw.f) if pdfium.FPDFPageObj_GetMatrix(held, raw) else _IDENTITY


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that applies `inner`, then `outer` (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)
