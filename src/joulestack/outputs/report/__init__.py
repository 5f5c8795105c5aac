"""report.html: a result on one page that opens anywhere, offline; two results side by side."""
