"""The ground floor: workspaces, people, access, events, jobs, senders and the ui kit."""
