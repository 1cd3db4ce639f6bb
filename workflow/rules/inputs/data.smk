"""Input functions of the rules on data."""

from partialpool.source.opening import source_files


def files_of_source(wildcards):
    """The files that the contacts are in, none for a database."""
    return list(map(from_user, source_files(analysis_of(wildcards).source)))
