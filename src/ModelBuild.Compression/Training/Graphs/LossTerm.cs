namespace ModelBuild.Compression.Training.Graphs;

/// <summary>One term of a loss.</summary>
/// <param name="Name">The name in progress lines and reports.</param>
/// <param name="Value">The name of the scalar in the training graph.</param>
/// <param name="Weight">The factor of the term in the loss.</param>
internal sealed record LossTerm(string Name, string Value, float Weight);
