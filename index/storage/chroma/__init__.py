"""Chroma, which holds vectors and finds the nearest: in a folder of the library, or on a server.

`collection` is what both can do. `folder` is Chroma within this process, and alone imports chromadb; `server` is a
collection of one that is asked over HTTP by `requests`, at an `address`.
"""
