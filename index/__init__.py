"""The lower floor: papers in, passages out. It knows nothing of LLMs or windows."""
