"""Pages of forms, drawn on the server; `drawing` turns a form and answers into what templates show."""
