from heterobuild.recipes.fields import field_texts, first_sentence
from heterobuild.recipes.records import ExportSettings, SlabOptions


def test_every_field_of_the_records_is_described():
    for record in (SlabOptions, ExportSettings):
        assert set(field_texts(record)) == set(record.__dataclass_fields__)
        assert all(text.endswith(".") for text in field_texts(record).values())


def test_later_sections_are_left_out():
    class Record:
        """A record.

        Parameters
        ----------
        gap : float
            Distance in Å,
            continued.

        Raises
        ------
        UsageError
            Never.
        """

    assert field_texts(Record) == {"gap": "Distance in Å, continued."}


def test_no_docstring_no_texts():
    assert field_texts(type("Bare", (), {"__doc__": None})) == {}


def test_the_first_sentence_survives_abbreviations():
    assert first_sentence("As e.g. Cs. More.") == "As e.g. Cs."
