namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Where channels of a tensor are after Reshape, Flatten, Squeeze or Unsqueeze. Equal sizes at the front and at the back stay where they are; in the middle the channels' axis goes whole
/// into one of the new axes, where it may recur, or becomes several.
/// </summary>
internal static class ReshapeMapping
{
    /// <summary>Why the only channel of an axis stays.</summary>
    public const string SingleChannel = "it is the only channel of an axis that is reshaped";

    /// <summary>The channels of each axis of the reshaped tensor; null where that cannot be said, and the channels of <paramref name="from"/> have to stay.</summary>
    /// <param name="classes">Joined where one axis becomes several: heads of attention go whole.</param>
    /// <param name="channels">The channels of each axis before; null for an axis without.</param>
    /// <param name="from">The sizes before; −1 where one is unknown.</param>
    /// <param name="to">The sizes after.</param>
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
        // An axis of one channel may be taken away, or be any of the axes of one element behind.
        foreach (var single in moved.Where(axis => channels[axis]!.Length == 1))
            classes.Lock(channels[single]!, SingleChannel);
        var labelled = moved.Where(axis => channels[axis]!.Length > 1).ToArray();
        if (labelled.Length == 0)
            return mapped;
        if (labelled.Length > 1 || from[before].Any(size => size < 1) || to[after].Any(size => size < 1))
            return null;
        // Axes of one element come and go.
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

    // An axis that goes into another one: its channels repeat for each element of the axes behind it, and again for each of those before it.
    private static int[] Merge(int[] channels, int size, long inner)
    {
        var merged = new int[size];
        for (var i = 0; i < size; i++)
            merged[i] = channels[i / inner % channels.Length];
        return merged;
    }

    // One axis that becomes several. Behind a Flatten that is undone, channels lie along one of them as they are. Otherwise features become heads, which go whole; and the channels of
    // an image become groups, of which each loses the same.
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
