namespace ModelBuild.Text;

/// <summary>Represents a model that computes a vector for each text of a batch. Several threads may call a model at the same time.</summary>
public interface IEmbeddingModel
{
    /// <summary>Gets the number of values of a vector.</summary>
    int Dimensions { get; }

    /// <summary>Computes the vector of each text of a batch.</summary>
    /// <param name="batch">The texts.</param>
    /// <param name="vectors">The result, of shape <c>[rows, dimensions]</c>, pooled and normalized as the model asks for it.</param>
    void Embed(EncodedBatch batch, Span<float> vectors);
}
