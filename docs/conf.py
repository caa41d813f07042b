"""How the documentation is built: `make docs`, offline, with warnings as errors."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from generate import all as generated
from generate.text import write
from sim import __version__

write(HERE / "_generated", generated.pages())

project = "Drugs Minus Two"
author = "The Drugs Minus Two maintainers"
copyright = "the Drugs Minus Two maintainers; code under MIT, tables under CC0"
release = version = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "generate.attributes",
    "generate.console",
    "generate.figures",
]
exclude_patterns = ["_build", "generate", "README.md"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
python_use_unqualified_type_names = True

# Kernels say nothing unless something is wrong, and keep no history.
_QUIET = tempfile.TemporaryDirectory()
(Path(_QUIET.name) / "profile_default").mkdir()
(Path(_QUIET.name) / "profile_default" / "ipython_kernel_config.py").write_text(
    "c.IPKernelApp.log_level = 40\nc.HistoryManager.enabled = False\n"
)
os.environ["IPYTHONDIR"] = _QUIET.name
# Pages are built with as few plausible worlds as give intervals, and sensitivity with few people.
os.environ.setdefault("MINUSTWO_WORLDS", "8")
os.environ.setdefault("MINUSTWO_ONE_IN", "24")
logging.getLogger("traitlets").setLevel(logging.WARNING)

html_theme = "furo"
html_title = f"Drugs Minus Two {__version__}"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_copy_source = False
html_show_sphinx = False
