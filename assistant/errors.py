"""The errors a person can meet. Each message names the value, the expectation and the cure.

CasebookError
├── SettingError        a setting or an option that cannot be used
├── QuestionError       a question that is empty, too long or not text
├── CorpusError         no corpus folder, or nothing in it to index
│   └── CorpusEmpty     the folder is not there, or holds no case studies
├── DocumentError       one file that cannot be read (the others go on)
├── ModelError          the embedding or evidence model is missing or altered
├── EditError           a change to the corpus that cannot be made
├── FormError           a form of the web app that is out of date, too large or incomplete
├── RecordError         a saved answer or a suggestion that cannot be kept or read
├── QuoteError          a proposed quotation that its source does not contain
├── BuildCancelled      a build was stopped before it published anything
└── IndexFault          the index cannot be used
    ├── IndexMissing    nothing has been built yet
    ├── IndexDamaged    a file is missing, altered, or disagrees with the others
    ├── IndexStale      built with another model, splitter or format version
    └── IndexLocked     another build is running
"""

from assistant import text as texts


class CasebookError(Exception):
    """Base of all errors with a sentence for the reader."""


class SettingError(CasebookError):
    """A setting or an option that cannot be used."""


class QuestionError(CasebookError):
    """A question that is empty, too long or not text."""


class CorpusError(CasebookError):
    """No corpus folder, or nothing in it to index."""


class CorpusEmpty(CorpusError):
    """The corpus folder is not there or holds no case studies: vanished, or emptied on purpose."""


class DocumentError(CasebookError):
    """One file that cannot be read. `code` is stable, for reports and tests."""

    def __init__(self, doc_id: str, code: str, reason: str) -> None:
        super().__init__(f"{texts.one_line(doc_id)}: {texts.one_line(reason)}")
        self.doc_id, self.code, self.reason = doc_id, code, reason


class ModelError(CasebookError):
    """The embedding or evidence model is missing or altered."""


class EditError(CasebookError):
    """A change to the corpus that cannot be made."""


class FormError(CasebookError):
    """A form of the web app that is out of date, too large or incomplete."""


class RecordError(CasebookError):
    """A saved answer or a suggestion that cannot be kept or read."""


class QuoteError(CasebookError):
    """A proposed quotation that its source does not contain."""


class BuildCancelled(CasebookError):
    """A build was stopped before it published anything; the index is as it was."""


class IndexFault(CasebookError):
    """The index cannot be used."""


class IndexMissing(IndexFault):
    """Nothing has been built yet."""


class IndexDamaged(IndexFault):
    """A file of the index is missing, altered, or disagrees with the others."""


class IndexStale(IndexFault):
    """The index was built with another model, splitter or format version."""


class IndexLocked(IndexFault):
    """Another build is running."""
