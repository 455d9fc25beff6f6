"""What the box can do for a caller, one file a flow: each a small table of questions and answers."""
