using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Keeps the constant part of removed channels when there is no data to solve the layers that read them again. Without an input, a channel has the value of its
/// layer's bias after the Relu or Clip. The contribution of this value is added to the biases of the layers that read the channel.
/// </summary>
internal static class ConstantParts
{
    /// <summary>Adds the constant parts of the removed channels to the biases of the convolutions and products that read them, if these have a bias.</summary>
    /// <param name="main">The graph before the cut.</param>
    /// <param name="cut">The channels that are removed.</param>
    public static void Keep(Graph main, ChannelCut cut)
    {
        foreach (var slot in cut.Analysis.Slots.Where(slot => slot.Role == SlotRole.Reads && HasBias(slot.Node) && !slot.Channels.All(cut.Keeps)).ToArray())
            if (
                Maker(main, slot.Node.Input[0]) is { } maker
                && main.TryGetConstant(maker.InputAt(2), out var bias)
                && bias.ElementCount() == slot.Channels.Length
            )
                AddToBias(main, slot, cut, Array.ConvertAll(bias.ToFloats(), value => Math.Max(0, value)));
    }

    // Returns the layer that computes the value directly, or through a Relu or a Clip whose lower bound is 0.
    private static NodeProto? Maker(Graph main, string value) =>
        main.Producer(value) is { } clamp
        && (clamp.Is("Relu") || (clamp.Is("Clip") && main.TryGetConstant(clamp.InputAt(1), out var least) && least.ToFloats()[0] == 0))
        && main.Producer(clamp.Input[0]) is { } maker
        && HasBias(maker)
            ? maker
            : null;

    private static bool HasBias(NodeProto node) => WeightedOperator.FindLinear(node) is { BiasInput: not null, Kind: not WeightedKind.TransposedConvolution };

    private static void AddToBias(Graph main, WeightSlot slot, ChannelCut cut, float[] means)
    {
        if (!main.TryGetConstant(slot.Node.InputAt(2), out var own))
            return;
        var weight = main.Constant(slot.Constant);
        var (weights, inner) = (weight.ToFloats(), weight.Dims.Skip(slot.Axis + 1).Aggregate(1L, (a, b) => a * b));
        var outputAxis = 1 - slot.Axis;
        var outputInner = weight.Dims.Skip(outputAxis + 1).Aggregate(1L, (a, b) => a * b);
        var bias = new float[weight.Dims[outputAxis]];
        var before = own.ToFloats();
        for (var i = 0; i < bias.Length; i++)
            bias[i] = before[before.Length == 1 ? 0 : i];
        for (var i = 0; i < weights.Length; i++)
            if (i / inner % slot.Channels.Length is var channel && !cut.Keeps(slot.Channels[channel]))
                bias[i / outputInner % bias.Length] += weights[i] * means[channel];
        var name = main.FreshName($"{slot.Node.Output[0]}_bias");
        main.AddInitializer(Tensors.Create(name, [bias.Length], bias));
        main.SetInput(slot.Node, 2, name);
    }
}
