"""The desk in a browser on this machine: a form, the answer as one types, the docket of a sheet."""
