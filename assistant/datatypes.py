"""The nouns of Casebook: frozen values without behaviour beyond what follows from their fields.

All offsets are code points of `Document.text`; all scores say "higher is better".
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote, urlencode

HEADING_SEPARATOR = " › "


@dataclass(frozen=True, order=True)
class Span:
    """A half-open pair of offsets, `0 <= start < end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"Span({self.start}, {self.end}): expected 0 <= start < end")

    def of(self, text: str) -> str:
        """The words of `text` under this span."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


class BlockKind(StrEnum):
    """What a block of a document is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    NUMBERED = "numbered"
    TABLE_ROW = "table-row"
    RECORD = "record"
    """A table's row in words that stand by themselves: "Measure: smoking; After: 16.1%"."""
    CODE = "code"
    QUOTATION = "quotation"


@dataclass(frozen=True)
class Block:
    """One heading, paragraph, list entry or table row.

    `span` holds the words; `outer` adds the marks before them ("## ", "- ", "3. ").
    `level` is the heading's level (1 to 6) or the depth of the list entry (1 is the outermost).
    """

    kind: BlockKind
    span: Span
    outer: Span
    level: int = 0


@dataclass(frozen=True)
class Metadata:
    """What is known about a case study besides its words; an empty string means "not stated"."""

    place: str = ""
    region: str = ""
    country: str = ""
    organisations: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    period: str = ""
    published: str = ""
    publisher: str = ""
    source_title: str = ""
    source_url: str = ""
    other_sources: tuple[str, ...] = ()
    kind: str = ""
    author: str = ""
    language: str = ""
    """BCP 47 tag as the document states it ("en-GB"); nothing is guessed."""
    dated: str = ""
    """The date in the file's own properties: written then, which may not be when published."""

    @property
    def is_summary(self) -> bool:
        """Whether the text is a summary of the source and not the source's own words."""
        return self.kind == "summary"


@dataclass(frozen=True)
class Page:
    """Page `number` (1 is the first of the file) begins at offset `start` of the text."""

    number: int
    start: int
    ocr: bool = False
    """Whether its words were recognised in a picture, and so may be wrong."""


@dataclass(frozen=True)
class Document:
    """One file after decoding: the unit of provenance.

    `doc_id` is the path relative to the corpus with forward slashes; `text` is decoded and
    newline-normalised once and never again; `sha256` is of the file's bytes (and of its sidecar's,
    if it has one). `pages` is empty where the format has none; `notes` say what a reader of the
    document should know about the reading: what was left out, what was recognised in pictures.
    """

    doc_id: str
    title: str
    text: str
    sha256: str
    metadata: Metadata = field(default_factory=Metadata)
    blocks: tuple[Block, ...] = ()
    pages: tuple[Page, ...] = ()
    notes: tuple[str, ...] = ()

    def page_of(self, span: Span) -> int:
        """The number of the page on which `span` begins; 0 where there are no pages."""
        position = bisect_right(self.pages, span.start, key=lambda page: page.start)
        return self.pages[position - 1].number if position else 0

    @property
    def attribution(self) -> str:
        """How a page names where these words come from."""
        meta = self.metadata
        source = ", ".join(part for part in (meta.source_title, meta.publisher) if part)
        if meta.is_summary:
            return f"Casebook's summary of {source or 'a published source'}"
        return source or meta.author or self.title


@dataclass(frozen=True)
class Passage:
    """A contiguous slice of a document under one heading: the unit of retrieval.

    `text == document.text[span.start:span.end]`. `sentences` are spans of the document inside
    `span`, in order. `passage_id` is a 63-bit hash of document, heading and text.
    """

    passage_id: int
    doc_id: str
    title: str
    place: str
    heading: tuple[str, ...]
    span: Span
    text: str
    sentences: tuple[Span, ...]
    page: int = 0
    """The page it begins on; 0 where the document has no pages."""

    @property
    def label(self) -> str:
        """Place, title and headings: what a reader sees above the passage."""
        parts = (self.place, self.title, *self.heading)
        return ". ".join(part.rstrip(".") for part in parts if part)

    @property
    def indexed_text(self) -> str:
        """What is embedded and searched: the label and the words."""
        return f"{self.label}.\n{self.text}" if self.label else self.text

    def sentence(self, position: int) -> str:
        """The words of sentence `position` (0-based)."""
        span = self.sentences[position]
        return self.text[span.start - self.span.start : span.end - self.span.start]

    @property
    def sentence_texts(self) -> tuple[str, ...]:
        """The words of all sentences, in order."""
        return tuple(self.sentence(position) for position in range(len(self.sentences)))


@dataclass(frozen=True)
class Signals:
    """Why a passage was found.

    `dense`: cosine of question and passage. `sentence`: cosine of the question and the passage's
    best sentence. `lexical`: BM25 score. `evidence`: the evidence scorer's estimate that the
    passage answers the question. Zero where a retriever did not return it.
    """

    dense: float = 0.0
    sentence: float = 0.0
    lexical: float = 0.0
    evidence: float = 0.0


@dataclass(frozen=True)
class Hit:
    """A passage found for a question. Ties in `score` are broken by `passage_id`.

    `sentence_cosines` holds the cosine of the question and each sentence of the passage.
    """

    passage: Passage
    score: float
    signals: Signals = Signals()
    sentence_cosines: tuple[float, ...] = ()


class Role(StrEnum):
    """What a statement tells: what was hard, what was done about it, or simply what was."""

    ACCOUNT = "account"
    DIFFICULTY = "difficulty"
    RESPONSE = "response"


@dataclass(frozen=True)
class Draft:
    """What an answerer proposes: untrusted until `answering.citations` has verified it."""

    text: str
    passage_id: int
    quote: str
    role: Role = Role.ACCOUNT


@dataclass(frozen=True)
class Citation:
    """A verified link from a statement to a span: `document.text[span.start:span.end] == quote`."""

    number: int
    doc_id: str
    title: str
    place: str
    heading: tuple[str, ...]
    span: Span
    quote: str
    fingerprint: str
    source_url: str = ""
    attribution: str = ""
    page: int = 0
    """The page the quotation begins on; 0 where the document has no pages."""

    @property
    def url(self) -> str:
        """The address of the quotation in the source viewer; it names no position."""
        return source_url(self.doc_id, self.fingerprint)

    @property
    def page_label(self) -> str:
        """The page in words; empty where the document has no pages."""
        return page_label(self.doc_id, self.page)


@dataclass(frozen=True)
class Statement:
    """One thing the answer says, with at least one citation.

    `asked` are the spans of `text` that hold the number, date or name the question asks for.
    """

    text: str
    citations: tuple[Citation, ...]
    role: Role = Role.ACCOUNT
    asked: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("Statement without a citation: expected at least one")


@dataclass(frozen=True)
class Abstention:
    """Why there is no answer: a sentence for the reader, and the question's words found nowhere."""

    reason: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What comes back for a question. Abstained exactly when there are no statements."""

    question: str
    standalone_question: str
    statements: tuple[Statement, ...]
    hits: tuple[Hit, ...]
    confidence: float
    abstention: Abstention | None
    generation: str
    notes: tuple[str, ...] = ()
    weak: bool = False
    """The quotations come nearest, and more often than not none of such ones answers."""

    def __post_init__(self) -> None:
        if bool(self.statements) == (self.abstention is not None):
            raise ValueError("an Answer has either statements or an abstention, never both or none")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence}: expected 0..1")

    @property
    def abstained(self) -> bool:
        """Whether the case studies do not answer the question."""
        return self.abstention is not None

    @property
    def understood(self) -> str:
        """The question as it was made to stand alone; empty if only capitals were changed."""
        same = self.standalone_question.casefold() == self.question.casefold()
        return "" if same else self.standalone_question

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations in the order of their numbers, each once."""
        cited = {c.number: c for statement in self.statements for c in statement.citations}
        return tuple(cited[number] for number in sorted(cited))


def page_label(doc_id: str, page: int) -> str:
    """Where in its file something stands, in words: "page 3", "slide 3"; empty without pages."""
    if not page:
        return ""
    return f"slide {page}" if doc_id.lower().endswith(".pptx") else f"page {page}"


def source_url(doc_id: str, fingerprint: str = "") -> str:
    """The viewer's address of a document, or of the quotation with this fingerprint in it."""
    query = f"?{urlencode({'p': fingerprint})}" if fingerprint else ""
    return f"/source/{quote(doc_id)}{query}"
