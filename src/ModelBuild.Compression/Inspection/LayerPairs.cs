using ModelBuild.Compression.Operators;

namespace ModelBuild.Compression.Inspection;

/// <summary>Assigns the layers of a result to those of the original.</summary>
internal static class LayerPairs
{
    /// <summary>
    /// Returns the layers of the original with their successors, in the order of the graph, and behind them the layers that only the result has. A layer of the
    /// result succeeds the layer of the original with the same name or the same output, or else the layer with the longest name with which its own name begins.
    /// Steps give names to nodes that have none, so such a name is compared as well.
    /// </summary>
    public static IReadOnlyList<(LayerShare? Before, IReadOnlyList<LayerShare> After)> Of(InspectedModel original, InspectedModel result)
    {
        var byName = First(original.Layers, layer => layer.Name);
        var byNewName = First(original.Layers, layer => NodeLabel.NewName(layer.Node));
        var byOutput = First(original.Layers, layer => layer.Output);
        // Layers are compared by reference, because the equality of records would compare the contents of nodes.
        var assigned = result.Layers.ToLookup(
            layer =>
                byName.GetValueOrDefault(layer.Name)
                ?? byNewName.GetValueOrDefault(layer.Name)
                ?? byOutput.GetValueOrDefault(layer.Output)
                ?? Continued(original.Layers, layer.Name),
            ReferenceEqualityComparer.Instance
        );
        return
        [
            .. original.Layers.Select(layer => ((LayerShare?)layer, (IReadOnlyList<LayerShare>)[.. assigned[layer]])),
            .. assigned[null].Select(layer => ((LayerShare?)null, (IReadOnlyList<LayerShare>)[layer])),
        ];
    }

    private static Dictionary<string, LayerShare> First(IEnumerable<LayerShare> layers, Func<LayerShare, string> key) =>
        layers.GroupBy(key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private static LayerShare? Continued(IReadOnlyList<LayerShare> layers, string name) =>
        layers
            .Where(layer =>
                layer.Name.Length > 0
                && layer.Name.Length < name.Length
                && name.StartsWith(layer.Name, StringComparison.Ordinal)
                && !char.IsLetterOrDigit(name[layer.Name.Length])
            )
            .MaxBy(layer => layer.Name.Length);
}
