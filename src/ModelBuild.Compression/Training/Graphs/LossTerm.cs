namespace ModelBuild.Compression.Training.Graphs;

/// <summary>One term of a loss: a value of the training graph and its weight.</summary>
/// <param name="Name">The name in progress lines and reports.</param>
/// <param name="Value">The name of the scalar in the training graph.</param>
/// <param name="Weight">The factor of the term in the loss.</param>
internal sealed record LossTerm(string Name, string Value, float Weight)
{
    /// <summary>
    /// The name of a scalar that divides the value; null for none. The divisor depends on the batch and not on the parameters, such as the number of labelled
    /// rows. Where several workers share a batch, the divisor of the whole batch replaces it.
    /// </summary>
    public string? Divisor { get; init; }
}
