namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>The result of a differentiation: the names of the gradients, and the nodes at which it stopped.</summary>
/// <param name="Of">The name of the gradient by the name of the value. A value without a gradient is not included.</param>
/// <param name="Frozen">The values that reach the loss in a way that has no gradient.</param>
/// <param name="Stopped">The nodes at which the differentiation stopped. Each of them reaches the loss.</param>
/// <param name="ConvWeights">The gradients of the weights of convolutions.</param>
internal sealed record Gradients(
    IReadOnlyDictionary<string, string> Of,
    IReadOnlyList<string> Frozen,
    IReadOnlyList<StoppedNode> Stopped,
    IReadOnlyList<ConvWeightGradient> ConvWeights
)
{
    /// <summary>The result without any gradient.</summary>
    public static Gradients None { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal), [], [], []);
}
