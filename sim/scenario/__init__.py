"""What is assumed: a scenario, its defaults, and what is wrong with a file that holds one."""
