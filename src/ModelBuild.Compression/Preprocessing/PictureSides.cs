namespace ModelBuild.Compression.Preprocessing;

/// <summary>The names of the values of a graph that hold the height and the width of a picture, each a vector of one integer.</summary>
/// <param name="Height">The number of rows.</param>
/// <param name="Width">The number of columns.</param>
internal readonly record struct PictureSides(string Height, string Width);
