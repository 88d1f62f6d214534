namespace ModelBuild.Compression.Preprocessing;

/// <summary>The names of two values of a graph, each a vector of one integer.</summary>
/// <param name="Height">The number of rows.</param>
/// <param name="Width">The number of columns.</param>
internal readonly record struct PictureSides(string Height, string Width);
