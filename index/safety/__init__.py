"""What comes from outside and what goes out: files and answers within bounds, text that nothing obeys, files that are
their owner's alone, packages that report nowhere."""
