"""One Document and the results, written as html, docx and csv; and the docx read back. No number is made here."""
