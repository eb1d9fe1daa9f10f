"""What a library keeps in its folder: the record, which is the truth, and the words and vectors made of it."""
