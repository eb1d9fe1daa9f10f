"""Documents as Markdown, HTML, CSV and terminal text: the edge where untrusted text is escaped."""
