namespace ModelBuild.Compression.Inspection;

/// <summary>
/// Finds the values that hold the output of a layer: the output itself, and those behind activation functions and conversions between types. A quantized
/// layer may compute an activation function by the range of its codes, so that the direct output is a different value than before.
/// </summary>
internal static class LayerValues
{
    private const int MaxSteps = 4;

    private static readonly HashSet<string> Following = new(
        ["QuantizeLinear", "DequantizeLinear", "Cast", "Clip", "LeakyRelu", "Relu"],
        StringComparer.Ordinal
    );

    /// <summary>Returns the names of the values that hold the output of a layer. The value that is nearest to the layer comes first.</summary>
    /// <param name="layer">The layer; null for no values.</param>
    public static IEnumerable<string> Of(LayerShare? layer)
    {
        if (layer is null)
            yield break;
        var value = layer.Output;
        for (var step = 0; step <= MaxSteps; step++)
        {
            yield return value;
            if (layer.Scope.Consumers(value) is not [{ Index: 0, Node: var next }, ..] || !Following.Contains(next.OpType) || next.Output.Count == 0)
                yield break;
            value = next.Output[0];
        }
    }
}
