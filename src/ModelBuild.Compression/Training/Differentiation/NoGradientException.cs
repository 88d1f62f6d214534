namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>
/// Indicates that a node has no gradient, which is found while the gradient is built. <see cref="BackwardGraph"/> catches the exception and stops at the node.
/// </summary>
internal sealed class NoGradientException(string reason) : Exception(reason);
