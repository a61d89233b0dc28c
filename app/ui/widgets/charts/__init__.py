"""Charts over pyqtgraph. Import them late: that takes 0.4 s, which first paint must not pay."""
