"""Readers in and out as CSV: rows stream through, so that a million of them need no more memory than a thousand.

table (a file's header and rows) -> columns (which of them says what) -> importing (rows into readers) -> jobs (an
import's file, and its moves from state to state) -> running (its rows, part by part); exporting is the way back.
"""
