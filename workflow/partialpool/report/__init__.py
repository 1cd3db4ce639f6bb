"""The page: one folder per section, each with its text, tables and figures."""
