using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>A layer that reads the channels of a group, and its moments on real data.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Columns">For each class of the group, the columns of the weights [N, K] that read it.</param>
/// <param name="Moments">The moments of the layer's inputs and outputs.</param>
internal sealed record GroupReader(FloatLayer Layer, int[][] Columns, LayerMoments Moments)
{
    /// <summary>For each class of a group, returns the columns of a layer's weights [N, K] that read it.</summary>
    public static int[][] ColumnsOf(ChannelGroup group, WeightSlot slot, ChannelClasses classes, int inputs)
    {
        // The number of columns of the weights [N, K] that belong to each channel. For a convolution, this is the number of elements of the kernel.
        var kernel = inputs / slot.Channels.Length;
        var position = group.Classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var columns = group.Classes.Select(_ => new List<int>()).ToArray();
        foreach (var (i, channel) in slot.Channels.Index())
            if (position.TryGetValue(classes.Of(channel), out var at))
                columns[at].AddRange(Enumerable.Range(i * kernel, kernel));
        return [.. columns.Select(list => list.ToArray())];
    }
}
