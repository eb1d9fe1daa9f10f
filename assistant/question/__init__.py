"""What a question asks for, read from its words alone: which job, which papers, which week, which quantities."""
