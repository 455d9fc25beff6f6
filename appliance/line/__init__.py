"""The telephone: pjsua2, echo and noise, playout. In a process of its own: nothing makes a voice stutter."""
