namespace ModelBuild.Compression.Training.Graphs;

/// <summary>A loss. It adds to a training graph the nodes that compute one number from the outputs of the model.</summary>
internal interface ILoss
{
    /// <summary>Adds the nodes of the loss to a graph, and the inputs of the graph that receive the targets.</summary>
    /// <returns>The terms of the loss. Their weighted sum is minimized.</returns>
    IReadOnlyList<LossTerm> Append(LossGraph graph);
}
