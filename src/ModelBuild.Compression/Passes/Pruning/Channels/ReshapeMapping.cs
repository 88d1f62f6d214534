namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Maps channels through Reshape, Flatten, Squeeze or Unsqueeze. Equal sizes at the front and at the back keep their axes. In the middle, the axis of the
/// channels becomes part of one new axis, in which channels may recur, or is split into several axes.
/// </summary>
internal static class ReshapeMapping
{
    /// <summary>The reason why the only channel of an axis is locked.</summary>
    public const string SingleChannel = "it is the only channel of an axis that is reshaped";

    /// <summary>
    /// Returns the channels of each axis of the reshaped tensor; null if the mapping is unknown, so that the channels of <paramref name="from"/> must be
    /// locked.
    /// </summary>
    /// <param name="classes">The classes, which are joined if one axis becomes several: attention heads are removed whole.</param>
    /// <param name="channels">The channels of each axis before the node; null for an axis without channels.</param>
    /// <param name="from">The sizes before the node; −1 for an unknown size.</param>
    /// <param name="to">The sizes after the node.</param>
    public static int[]?[]? Map(ChannelClasses classes, int[]?[] channels, long[] from, long[] to)
    {
        var mapped = new int[]?[to.Length];
        var (front, back) = (0, 0);
        for (; front < Math.Min(from.Length, to.Length) && from[front] == to[front]; front++)
            mapped[front] = channels[front];
        for (; back < Math.Min(from.Length, to.Length) - front && from[^(back + 1)] == to[^(back + 1)]; back++)
            mapped[^(back + 1)] = channels[^(back + 1)];
        var (before, after) = (front..^back, front..^back);
        var moved = Enumerable.Range(front, from.Length - front - back).Where(axis => channels[axis] is not null).ToArray();
        // Axes of one channel are locked, because a Reshape may remove such an axis or make it any of the new axes of size 1.
        foreach (var single in moved.Where(axis => channels[axis]!.Length == 1))
            classes.Lock(channels[single]!, SingleChannel);
        var labelled = moved.Where(axis => channels[axis]!.Length > 1).ToArray();
        if (labelled.Length == 0)
            return mapped;
        if (labelled.Length > 1 || from[before].Any(size => size < 1) || to[after].Any(size => size < 1))
            return null;
        // Axes of size 1 in the target of the Reshape are ignored.
        var target = Enumerable.Range(front, to.Length - front - back).Where(axis => to[axis] != 1).ToArray();
        var (axis, own) = (labelled[0], channels[labelled[0]]!);
        var inner = from[(axis + 1)..^back].Aggregate(1L, (a, b) => a * b);
        long Inner(int i) => to[(i + 1)..^back].Aggregate(1L, (a, b) => a * b);
        var whole = Array.FindIndex(target, i => inner % Inner(i) == 0 && to[i] * Inner(i) % (own.Length * inner) == 0);
        if (whole >= 0)
            mapped[target[whole]] = Merge(own, (int)to[target[whole]], inner / Inner(target[whole]));
        else if (target.Aggregate(1L, (product, i) => product * to[i]) == own.Length)
        {
            var (part, split) = Split(classes, own, [.. target.Select(i => (int)to[i])], isLast: axis == from.Length - 1);
            mapped[target[part]] = split;
        }
        else
            return null;
        return mapped;
    }

    // Merges an axis with its neighbours into a larger one, as a Flatten does. Its channels repeat for each element of the axes after it, and again for each
    // element of the axes before it.
    private static int[] Merge(int[] channels, int size, long inner)
    {
        var merged = new int[size];
        for (var i = 0; i < size; i++)
            merged[i] = channels[i / inner % channels.Length];
        return merged;
    }

    // Splits one axis into several, as a Reshape does. If the split undoes a Flatten, the channels are along one of the axes. Otherwise features become heads,
    // which are removed whole, and the channels of an image become groups, each of which loses the same channels.
    private static (int Part, int[] Channels) Split(ChannelClasses classes, int[] channels, int[] sizes, bool isLast)
    {
        var part = Array.FindIndex([.. Enumerable.Range(0, sizes.Length)], candidate => IsAlong(classes, channels, sizes, candidate));
        if (part < 0)
            part = isLast ? 0 : sizes.Length - 1;
        var split = new int[sizes[part]];
        for (var i = channels.Length - 1; i >= 0; i--)
            split[Coordinate(i, sizes, part)] = channels[i];
        for (var i = 0; i < channels.Length; i++)
            classes.Join(split[Coordinate(i, sizes, part)], channels[i]);
        return (part, split);
    }

    private static bool IsAlong(ChannelClasses classes, int[] channels, int[] sizes, int part)
    {
        var first = new int?[sizes[part]];
        for (var i = 0; i < channels.Length; i++)
            if ((first[Coordinate(i, sizes, part)] ??= classes.Of(channels[i])) != classes.Of(channels[i]))
                return false;
        return true;
    }

    private static int Coordinate(int index, int[] sizes, int part) => index / sizes[(part + 1)..].Aggregate(1, (a, b) => a * b) % sizes[part];
}
