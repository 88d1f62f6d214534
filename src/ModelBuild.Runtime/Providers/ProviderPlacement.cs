namespace ModelBuild.Runtime;

/// <summary>Represents the nodes of a model that one execution provider runs.</summary>
/// <param name="Provider">The short name of the provider.</param>
/// <param name="Nodes">The number of nodes.</param>
/// <param name="IsAtLeast">Whether the provider may run more nodes. When a provider uses another data layout, ONNX Runtime reports only the nodes that the
/// conversion of the layout added. Nodes on the CPU are always counted completely.</param>
/// <param name="Device">The hardware, or the memory of the inputs; null when ONNX Runtime does not report it.</param>
/// <param name="Operators">The number of nodes of each operator, the largest number first.</param>
public sealed record ProviderPlacement(string Provider, int Nodes, bool IsAtLeast, string? Device, IReadOnlyList<KeyValuePair<string, int>> Operators)
{
    /// <summary>Returns the provider, the number of nodes and the device.</summary>
    public override string ToString() =>
        $"{Provider} {(IsAtLeast ? "at least " : "")}{Nodes} {(Nodes == 1 ? "node" : "nodes")}{(Device is null ? "" : $" ({Device})")}";
}
