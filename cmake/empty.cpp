// A folder without sources of its own still makes a library.
