"""Recorded answers: the file, what makes two requests the same, replay, recording, and what must not be recorded."""
