using ModelBuild.Compression.Layers;

namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>The codebook of each row of a layer's weights.</summary>
/// <param name="books">One codebook for all rows, or one for each row.</param>
internal sealed class RowCodebooks(IReadOnlyList<Codebook> books) : IWeightCodes
{
    /// <inheritdoc/>
    public int Code(int row, int column, double value) => Book(row).Nearest(value);

    /// <inheritdoc/>
    public double Value(int row, int column, int code) => Book(row).Values[code];

    private Codebook Book(int row) => books[books.Count == 1 ? 0 : row];
}
