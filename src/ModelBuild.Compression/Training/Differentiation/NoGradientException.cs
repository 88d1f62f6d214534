namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>
/// A node turns out to have no gradient while its gradient is built. <see cref="BackwardGraph"/> catches the exception and stops at the node.
/// </summary>
internal sealed class NoGradientException(string reason) : Exception(reason);
