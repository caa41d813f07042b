"""The answer to a case as people read it: text for the terminal, a page to print, the docket of an office."""
