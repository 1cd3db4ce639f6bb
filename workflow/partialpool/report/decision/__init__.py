"""The answer: the head of the page and the section on what follows."""
