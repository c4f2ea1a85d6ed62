// Point 4: the call graph beside the source.

export async function graph(_ui, _tree, _results) {}
