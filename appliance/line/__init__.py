"""The telephone: pjsua2, echo and noise, playout. A process of its own, so that nothing can make a voice stutter."""
