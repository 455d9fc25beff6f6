"""The telephone set: the only room that imports pjsua2. One thread owns the library, others hold call ids.

`Telephone` is what the line process and the bench caller use; `words` is what it says to them.
"""
