"""What compartments are called wherever a dose of theirs is shown. A lesion is called by its own name."""

PERFUSED = "perfused volume"
NORMAL_PERFUSED = "normal perfused liver"
LUNGS = "lungs"
LUNGS_ALL_SESSIONS = "lungs, all sessions"
WHOLE_NORMAL = "whole normal liver"
WHOLE_NORMAL_ALL_SESSIONS = "whole normal liver, all sessions"
WHOLE_LIVER = "whole liver, tumor included"
