"""A PDF read back: its text page by page, and where on the page each letter stands."""

import io

import pypdf
import pypdfium2


def texts(pdf: bytes) -> list[str]:
    """The text of each page, on one line."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def properties(pdf: bytes) -> dict[str, str]:
    """What the file says about itself."""
    return dict(pypdf.PdfReader(io.BytesIO(pdf)).metadata or {})


def lines(pdf: bytes, page: int = 0) -> list[tuple[float, float, float, float]]:
    """The boxes of the pieces of text on a page: left, bottom, right, top, in points."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = document[page].get_textpage()
        boxes = [text.get_rect(n) for n in range(text.count_rects())]
    finally:
        document.close()
    return [box for box in boxes if box[2] > box[0]]


def within(pdf: bytes, margin: float) -> bool:
    """Whether all text of all pages keeps that far from the edges, in points."""
    document = pypdfium2.PdfDocument(pdf)
    sizes = [page.get_size() for page in document]
    document.close()
    return all(
        left >= margin and bottom >= margin and right <= width - margin and top <= height - margin
        for page, (width, height) in enumerate(sizes)
        for left, bottom, right, top in lines(pdf, page)
    )


def overlaps(pdf: bytes, page: int = 0) -> list[tuple[int, int]]:
    """Which pieces of text lie over each other by more than letters of neighbouring lines do."""
    boxes = lines(pdf, page)
    return [
        (n, m)
        for n, one in enumerate(boxes)
        for m, other in enumerate(boxes[:n])
        if min(one[2], other[2]) - max(one[0], other[0]) > 1.5
        and min(one[3], other[3]) - max(one[1], other[1]) > 0.35 * min(one[3] - one[1], other[3] - other[1])
    ]
