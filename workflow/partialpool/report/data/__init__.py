"""The section on the data: the source, the counts, what they alone say."""
