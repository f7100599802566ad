"""The results page: what commands wrote as JSON, as one page; nothing on it is typed by hand."""
