"""Batches: many operations in one process, `batch`; and the operations of each noun, a module a room."""
