"""The technician's view of a running box, in a terminal: it looks on from outside and asks before it acts.

`app` is the frame and its list of screens, one file a screen; `feeds` is where they get what they show. Looking
costs the box next to nothing: it answers when asked, and tells a watcher only what it tells every watcher.
"""
