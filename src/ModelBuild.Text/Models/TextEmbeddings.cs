using System.ComponentModel;

namespace ModelBuild.Text;

/// <summary>Adapts a generated model class to <see cref="IEmbeddingModel"/>. Generated code uses this class.</summary>
/// <param name="dimensions">The number of values of a vector.</param>
/// <param name="embed">Returns the vector of each text of a batch.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TextEmbeddings(int dimensions, Func<EncodedBatch, float[][]> embed) : IEmbeddingModel
{
    /// <inheritdoc/>
    public int Dimensions => dimensions;

    /// <inheritdoc/>
    public void Embed(EncodedBatch batch, Span<float> vectors)
    {
        var rows = embed(batch);
        for (var row = 0; row < rows.Length; row++)
            rows[row].CopyTo(vectors.Slice(row * dimensions, dimensions));
    }
}
