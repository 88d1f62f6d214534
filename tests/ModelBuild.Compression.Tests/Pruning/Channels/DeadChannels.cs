using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Pruning.Channels;

/// <summary>
/// A model with channels that are always 0. Pruning removes these channels first. If it removes them from the right places, the outputs stay the same.
/// </summary>
internal sealed class DeadChannels
{
    private readonly OnnxModel _model;

    /// <param name="net">The model.</param>
    /// <param name="dead">Slices of constants that are made 0: <c>name axis i,j,…</c>.</param>
    public DeadChannels(Net net, params string[] dead)
    {
        _model = net.Build();
        var graph = new Graph(_model);
        foreach (var slice in dead.Select(text => text.Split(' ')))
            Clear(graph, slice[0], int.Parse(slice[1], null), [.. slice[2].Split(',').Select(index => int.Parse(index, null))]);
    }

    /// <summary>Returns the model after pruning by magnitude.</summary>
    /// <param name="options">Options of the step.</param>
    /// <returns>Its main graph.</returns>
    public Graph Prune(string options)
    {
        var pruned = Steps.Run(_model, $"prune-channels(importance=l2, multiple=1, {options})", out var report);

        Assert.Contains(report.Changes.Keys, change => change.EndsWith("removed", StringComparison.Ordinal));
        Assert.InRange(Ort.Sqnr(Ort.Run(_model), Ort.Run(pruned)), 100, double.PositiveInfinity);
        return new Graph(pruned);
    }

    private static void Clear(Graph graph, string name, int axis, int[] indices)
    {
        var tensor = graph.Constant(name);
        var values = tensor.ToFloats();
        var inner = tensor.Dims.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);
        for (var i = 0; i < values.Length; i++)
            if (indices.Contains((int)(i / inner % tensor.Dims[axis])))
                values[i] = 0;
        graph.ReplaceConstant(name, Tensors.Create(name, [.. tensor.Dims], values));
    }
}
