"""The Commission's individual offender datafiles: read, checked against the law, made people and cases."""
