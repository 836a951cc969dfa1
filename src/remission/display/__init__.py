"""Tables, figures and sentences: result rows in, a Grid, a figure or a Document out. Never sees a cohort."""
