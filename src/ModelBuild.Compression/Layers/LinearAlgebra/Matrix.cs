namespace ModelBuild.Compression.Layers.LinearAlgebra;

internal static class Matrix
{
    /// <summary>Returns the transpose of a matrix in row-major order.</summary>
    public static T[] Transpose<T>(ReadOnlySpan<T> source, int columns)
    {
        var rows = source.Length / columns;
        var turned = new T[source.Length];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
            turned[column * rows + row] = source[row * columns + column];
        return turned;
    }
}
