"""Judging cards. Reads the agent; the agent never imports it."""
