"""Who may come in and with what: the gate before every request, people, sessions, and what their requests carry."""
