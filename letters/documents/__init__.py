"""A letter on paper: PDF, DOCX and plain text, each made from one ``LetterDocument``. No database and no translating
here: the value holds everything in words (``letters.papers`` builds it)."""
