using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Removes channels from a graph: their slices of constants, and their share of the numbers that count channels.</summary>
internal sealed class ChannelCut
{
    private readonly HashSet<int> _removed;

    /// <param name="analysis">The channels of the graph.</param>
    /// <param name="removed">The classes that are removed.</param>
    public ChannelCut(ChannelAnalysis analysis, IEnumerable<int> removed) => (Analysis, _removed) = (analysis, [.. removed]);

    /// <summary>The analysis of the channels of the graph.</summary>
    public ChannelAnalysis Analysis { get; }

    /// <summary>Returns whether a channel remains in the graph.</summary>
    public bool Keeps(int channel) => !_removed.Contains(Analysis.Classes.Of(channel));

    /// <summary>Returns the indices of those channels of a list that remain.</summary>
    public int[] Kept(int[] channels) => [.. Enumerable.Range(0, channels.Length).Where(i => Keeps(channels[i]))];

    /// <summary>Removes the channels from the graph that was analysed.</summary>
    public void Apply(Graph main)
    {
        foreach (var slots in Analysis.Slots.GroupBy(slot => slot.Constant).ToArray())
        {
            var tensor = main.Constant(slots.Key);
            var sliced = slots.DistinctBy(slot => slot.Axis).Aggregate(tensor, (rest, slot) => Slice(rest, slot.Axis, Kept(slot.Channels)));
            if (!ReferenceEquals(sliced, tensor))
                main.ReplaceConstant(slots.Key, sliced);
        }

        foreach (
            var list in Analysis
                .Sizes.GroupBy(entry => (entry.Node, entry.Attribute, entry.Input))
                .Where(list => list.Any(entry => !entry.Channels.All(Keeps)))
                .ToArray()
        )
            Count(main, [.. list]);
        // The declared shapes of inner values are removed, because they are no longer valid.
        main.Proto.ValueInfo.Clear();
    }

    private void Count(Graph main, SizeEntry[] entries)
    {
        var (node, attribute, input) = (entries[0].Node, entries[0].Attribute, entries[0].Input);
        if (attribute is not null && entries[0].Position < 0)
        {
            node.SetAttribute(attribute, (long)entries[0].Channels.Count(Keeps));
            return;
        }

        var numbers = attribute is null ? main.Constant(node.Input[input]).Span<long>().ToArray() : node.GetInts(attribute)!;
        foreach (var entry in entries)
            numbers[entry.Position] = entry.Channels.Count(Keeps);
        if (attribute is not null)
        {
            node.SetAttribute(attribute, numbers);
            return;
        }

        // The node gets its own constant with the new numbers, because other nodes may read the old one.
        var name = main.FreshName($"{node.Input[input]}_pruned");
        main.AddInitializer(Tensors.Create(name, [numbers.Length], numbers));
        main.SetInput(node, input, name);
    }

    private static TensorProto Slice(TensorProto tensor, int axis, int[] kept)
    {
        if (kept.Length == tensor.Dims[axis])
            return tensor;
        var inner = (int)(tensor.Dims.Skip(axis + 1).Aggregate(1L, (a, b) => a * b) * Tensors.BitsPerElement((DataType)tensor.DataType) / 8);
        var outer = (int)tensor.Dims.Take(axis).Aggregate(1L, (a, b) => a * b);
        var source = tensor.RawData.Span;
        var sliced = new byte[outer * kept.Length * inner];
        for (var block = 0; block < outer; block++)
        for (var i = 0; i < kept.Length; i++)
            source.Slice((int)((block * tensor.Dims[axis] + kept[i]) * inner), inner).CopyTo(sliced.AsSpan((block * kept.Length + i) * inner));
        long[] shape = [.. tensor.Dims];
        shape[axis] = kept.Length;
        return Tensors.Create(tensor.Name, (DataType)tensor.DataType, shape, sliced);
    }
}
