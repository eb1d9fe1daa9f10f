"""The window: Gradio shows what the assistant does. It decides nothing: what is found, written, checked and kept is
decided elsewhere; here it is laid out, and what a person clicks is passed on."""
