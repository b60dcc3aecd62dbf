"""What a PDF says, page by page, for the tests that print papers."""

import pypdfium2


def list_page_texts(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        return [document[number].get_textpage().get_text_range() for number in range(len(document))]


def squeeze(text: str) -> str:
    """Without blanks and ends of lines, which layout adds."""
    return "".join(text.split())
