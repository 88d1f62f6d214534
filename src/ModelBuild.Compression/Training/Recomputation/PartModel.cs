using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>Creates the model of a part of a training graph.</summary>
internal static class PartModel
{
    /// <summary>Returns a model with the nodes of the part, and with the values that earlier parts have computed as inputs.</summary>
    public static OnnxModel Of(OnnxModel model, TrainingPart part)
    {
        if (part.Nodes is not { } nodes)
            return model;
        var copy = model.Clone();
        var proto = copy.Proto.Graph;
        NodeProto[] kept = [.. proto.Node.Where((_, index) => nodes.Contains(index))];
        proto.Node.Clear();
        proto.Node.Add(kept);
        var graph = new Graph(copy);
        var given = part.Inputs.ToDictionary(input => input.Name, StringComparer.Ordinal);
        // A node may compute a value that the part already gets as an input, because another output of the node is needed. The output of the node that would
        // compute the value again gets an unused name.
        foreach (var node in kept)
            for (var i = 0; i < node.Output.Count; i++)
                if (given.ContainsKey(node.Output[i]))
                    graph.SetOutput(node, i, graph.FreshName("unused"));
        foreach (var (name, value) in given)
            if (!graph.IsInput(name))
                graph.AddInput(value.Type!.Declare(name));
        graph.SetOutputs(part.Outputs);
        foreach (var input in proto.Input.Select(input => input.Name).Where(name => graph.Consumers(name).Count == 0 && !graph.IsOutput(name)).ToArray())
            graph.RemoveInput(input);
        new DeadCodeElimination().Apply(graph, CancellationToken.None);
        return copy;
    }
}
