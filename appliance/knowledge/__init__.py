"""What the office's documents say: files -> passages -> full text and vectors -> the sentence that answers.

reading      a file of any of some twenty formats as Markdown, or why not (kreuzberg, odfpy, python-pptx)
passages     Markdown -> passages with their headings (pure)
shelf        documents, their versions, passages and vectors in a SQLite file of their own
adding       files and folders onto the shelf: only what changed, each file's fate told
search       the passages near to a question, by words (bm25) and by meaning (vectors)
deciding     how likely a passage answers, and whether any does (pure)
words        what is language in all this: a table a language
"""
