"""The next step that is built, the trigger it waits for, and the gates before it."""
