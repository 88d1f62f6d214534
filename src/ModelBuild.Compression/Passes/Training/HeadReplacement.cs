using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Training.Transfer;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>
/// Replaces the weights of the last layer of a classifier by new ones for another number of classes, and changes the constants behind it accordingly. The
/// weights are small random numbers, so that all classes are about equally likely at first, no tie decides, and a ReLU behind the layer passes gradients.
/// Biases are zero.
/// </summary>
/// <param name="graph">The main graph.</param>
/// <param name="head">The layer.</param>
/// <param name="classes">The number of classes.</param>
/// <param name="seed">The seed of the weights.</param>
internal sealed class HeadReplacement(Graph graph, ClassHead head, int classes, int seed)
{
    private const double Deviation = 0.01;

    private readonly HashSet<string> _constants = new(StringComparer.Ordinal);
    private long _old;

    /// <summary>Replaces the weights of the last layer and the constants behind it.</summary>
    /// <exception cref="CompressionException">MB1005: the weights have another form than float32, or a constant behind the layer does not fit.</exception>
    public NewHead Apply()
    {
        var node = head.Layer;
        var name = node.Name.Length > 0 ? node.Name : node.Output[0];
        if (!WeightedOperator.TryMatch(graph, node, out var layer, out _) || layer.WhyNotFloat32() is not null)
            throw Error(
                $"needs a last layer with float32 weights, and those of '{name}' ({node.OpType}) have another form. Put it before the steps that change it"
            );
        if (!layer.Operator.IsConvolution && layer.Weight.Dims.Count != 2)
            throw Error($"needs a matrix of weights in the last layer, and '{name}' ({node.OpType}) has the shape [{string.Join(", ", layer.Weight.Dims)}]");
        var axis = layer.OutputAxis!.Value;
        _old = layer.Weight.Dims[axis];
        long[] shape = [.. layer.Weight.Dims.Select((size, i) => i == axis ? classes : size)];
        Set(node, layer.Operator.WeightInput, shape, Random(shape));
        if (layer.BiasName.Length > 0)
            Set(node, layer.Operator.BiasInput!.Value, [classes], new float[classes]);
        foreach (var after in head.After)
            Fit(after);
        RemoveInfo();
        return new NewHead(name, _constants, head.Scores, head.Outputs, head.IsIndependent, (int)_old, classes);
    }

    private void Fit(NodeProto node)
    {
        if (node.Is("Reshape") && graph.TryGetConstant(node.Input[1], out var target))
            Reshape(node, [.. target.Span<long>()]);
        if (!node.Is("Add"))
            return;
        var index = graph.IsConstant(node.Input[1]) ? 1 : 0;
        if (!graph.TryGetConstant(node.Input[index], out var bias) || bias.DataType != (int)DataType.Float)
            throw Error($"cannot replace the bias that '{node.Output[0]}' (Add) adds, because it is no constant of float32");
        // A bias with one number for all classes is not replaced.
        if (bias.ElementCount() == 1)
            return;
        if (bias.ElementCount() != _old)
            throw Error($"cannot replace the bias of '{node.Output[0]}' (Add): it has {bias.ElementCount()} numbers for {_old} classes");
        Set(node, index, [.. bias.Dims.Select(size => size == _old ? classes : size)], new float[classes]);
    }

    // Changes the number of classes in the target of a Reshape. The classes are the second dimension, or the last one after a product of more dimensions. A
    // size of 0 or −1 follows from the scores.
    private void Reshape(NodeProto node, long[] target)
    {
        int[] axes = [.. new[] { 1, target.Length - 1 }.Where(axis => axis > 0 && axis < target.Length && target[axis] == _old)];
        if (axes.Length > 0)
            target[axes[0]] = classes;
        else if (target.Contains(_old) && !target.Contains(-1))
            throw Error($"cannot change the shape [{string.Join(", ", target)}] of '{node.Output[0]}' (Reshape) for other classes");
        else
            return;
        var name = graph.FreshName(node.Input[1]);
        graph.AddInitializer(Tensors.Create(name, [target.Length], target));
        graph.SetInput(node, 1, name);
    }

    private void Set(NodeProto node, int input, long[] shape, float[] values)
    {
        var name = graph.FreshName($"{node.Input[input]} of {classes} classes");
        graph.AddInitializer(Tensors.Create(name, shape, values));
        graph.SetInput(node, input, name);
        _constants.Add(name);
    }

    private float[] Random(long[] shape)
    {
        var random = new SplitMix64(DerivedSeed.Of((ulong)seed, classes));
        var values = new float[shape.Aggregate(1L, (product, size) => checked(product * size))];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(Deviation * random.NextNormal());
        return values;
    }

    // Removes the declared types of values inside the graph, which may have the old number of classes.
    private void RemoveInfo()
    {
        var changed = head.After.Append(head.Layer).SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        foreach (var info in graph.Proto.ValueInfo.Where(info => changed.Contains(info.Name)).ToArray())
            graph.Proto.ValueInfo.Remove(info);
    }

    private static CompressionException Error(string what) => new(Codes.UnknownOption, $"'{TransferOptions.Name}' {what}.");
}
