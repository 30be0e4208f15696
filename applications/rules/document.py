"""县政府申报文件: S0 part 三, material 1."""

from collections.abc import Sequence

from applications.enums import Section
from applications.rules.gaps import Gap
from applications.rules.materials import Document


def missing_document(document: Document | None) -> Sequence[Gap]:
    """It is whole or not there: the table keeps no half of it."""
    if document is not None:
        return ()
    sentence = (
        "还没有登记县（市、区）人民政府的申报文件，请填写文号、日期并上传扫描件。"
        "审议通过后才印发的，可以先定稿，在登记审议通过前补登。"
    )
    return (Gap(Section.DOCUMENT, "document", "document_missing", sentence),)
