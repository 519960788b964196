"""What tests of the whole house share."""
