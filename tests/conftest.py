"""How thoroughly the laws are tried: a few new cases on a desk, more and always the same in CI, many on request.

``HYPOTHESIS_PROFILE=search make test`` looks further. There is no deadline: a busy machine is no broken law.
"""

import os

from hypothesis import settings

settings.register_profile("desk", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") == "true" else "desk"))
