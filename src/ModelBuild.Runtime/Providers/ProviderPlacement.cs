namespace ModelBuild.Runtime;

/// <summary>What one execution provider runs of a model.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Nodes">How many nodes it has.</param>
/// <param name="IsAtLeast">
/// Whether it may have more: for a provider that wants another layout ONNX Runtime names only the nodes that the change of layout
/// brought. What is left for the processor is counted in full.
/// </param>
/// <param name="Device">The hardware, or the memory that the inputs go to; null when ONNX Runtime does not say.</param>
/// <param name="Operators">How many nodes of each operator, the most frequent first.</param>
public sealed record ProviderPlacement(string Provider, int Nodes, bool IsAtLeast, string? Device, IReadOnlyList<KeyValuePair<string, int>> Operators)
{
    /// <summary>Provider, number of nodes and device.</summary>
    public override string ToString() =>
        $"{Provider} {(IsAtLeast ? "at least " : "")}{Nodes} {(Nodes == 1 ? "node" : "nodes")}{(Device is null ? "" : $" ({Device})")}";
}
