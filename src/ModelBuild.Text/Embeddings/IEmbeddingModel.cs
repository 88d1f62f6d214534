namespace ModelBuild.Text;

/// <summary>A model that computes a vector for each text of a batch. Calls may come at the same time.</summary>
public interface IEmbeddingModel
{
    /// <summary>The number of values of a vector.</summary>
    int Dimensions { get; }

    /// <summary>Computes the vectors.</summary>
    /// <param name="batch">The texts.</param>
    /// <param name="vectors">The result, of shape <c>[rows, dimensions]</c>, pooled and normalized as the model asks for it.</param>
    void Embed(EncodedBatch batch, Span<float> vectors);
}
