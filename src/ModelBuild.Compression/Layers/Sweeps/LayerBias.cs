using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>The bias of a layer that can have one, whether it has one now or not.</summary>
/// <param name="graph">The graph of the layer.</param>
/// <param name="node">The layer.</param>
/// <param name="index">The input that is its bias.</param>
/// <param name="name">A free name for a bias of its own.</param>
/// <param name="values">The bias now; zeros where it has none.</param>
internal sealed class LayerBias(GraphProto graph, NodeProto node, int index, string name, float[] values)
{
    /// <summary>The bias as the model has it.</summary>
    public IReadOnlyList<float> Values => values;

    /// <summary>Writes another bias, into an initializer of the layer's own, which is made the first time.</summary>
    public void Write(float[] bias)
    {
        if (bias.AsSpan().SequenceEqual(values))
            return;
        values = [.. bias];
        var tensor = Tensors.Create(name, [values.Length], values);
        if (graph.Initializer.FirstOrDefault(other => other.Name == name) is { } own)
        {
            own.RawData = tensor.RawData;
            return;
        }

        graph.Initializer.Add(tensor);
        while (node.Input.Count <= index)
            node.Input.Add("");
        node.Input[index] = name;
    }
}
