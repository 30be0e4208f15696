"""A scheme out of a file somebody uploaded: a workbook or JSON, told apart by what it is, not by its name."""

from county_portal.common.errors import Invalid
from scoring.engine.errors import DocumentError
from scoring.engine.reading import parse_json
from scoring.schemes.documents import Document, normal
from scoring.schemes.workbook_reading import read_scheme_workbook

MAX_BYTES = 5 * 1024 * 1024
_ZIP = b"PK"


def read_scheme_file(content: bytes) -> Document:
    """The document as the engine writes it, whether it makes sense or not.

    Raises Invalid with sheet and cell of a workbook, or the path within JSON.
    """
    if len(content) > MAX_BYTES:
        raise Invalid(
            "scheme_file_large", "文件超过5MB，不会是评分方案。请核对后重新选择。", "file"
        )
    if content.startswith(_ZIP):
        return _placed(read_scheme_workbook(content))
    try:
        document = parse_json(content.removeprefix(b"\xef\xbb\xbf"))
    except (DocumentError, UnicodeDecodeError, RecursionError) as fault:
        raise Invalid(
            "scheme_not_json",
            "文件既不是Excel工作簿，也不是有效的JSON。请用方案页导出的文件修改后导入，方案没有改动。",
            "file",
        ) from fault
    return _placed(document)


def _placed(document: object) -> Document:
    try:
        return normal(document)
    except Invalid as refusal:
        sentence = f"{refusal.sentence.rstrip('。')}。请改正后重新导入，方案没有改动。"
        raise Invalid(refusal.code, sentence, "file") from refusal
    except RecursionError as error:
        raise Invalid(
            "scheme_too_deep", "文件的层次过深，不是评分方案。方案没有改动。", "file"
        ) from error
