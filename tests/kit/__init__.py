"""What tests of several contexts share."""
