namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Sums over the slices of constants, one sum for each class of a group.</summary>
/// <param name="analysis">The channels of the graph.</param>
/// <param name="group">The group.</param>
internal sealed class SliceSums(ChannelAnalysis analysis, ChannelGroup group)
{
    private readonly Dictionary<int, int> _position = group.Classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index);

    /// <summary>Adds a number for each element of a constant to the sum of the class of its slice.</summary>
    /// <param name="sums">The sums, one for each class of the group.</param>
    /// <param name="slot">The axis of the constant.</param>
    /// <param name="shape">The shape of the constant.</param>
    /// <param name="values">One number for each element of the constant.</param>
    public void Add(double[] sums, WeightSlot slot, IReadOnlyList<long> shape, IEnumerable<double> values)
    {
        var inner = shape.Skip(slot.Axis + 1).Aggregate(1L, (a, b) => a * b);
        var positions = Array.ConvertAll(slot.Channels, channel => _position.GetValueOrDefault(analysis.Classes.Of(channel), -1));
        foreach (var (i, value) in values.Index())
            if (positions[i / inner % positions.Length] is >= 0 and var at)
                sums[at] += value;
    }
}
