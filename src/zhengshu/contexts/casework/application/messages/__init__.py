"""Messages to people: composed when something happened, sent by jobs, read on the site."""
