"""Reading what other programs wrote: one file a source or a standard."""
