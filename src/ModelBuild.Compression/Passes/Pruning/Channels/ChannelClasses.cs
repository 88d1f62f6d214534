namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Classes of channels that can only be removed together, as a disjoint-set forest. A locked class is not removed.</summary>
internal sealed class ChannelClasses
{
    private readonly List<int> _parents = [];
    private readonly List<string?> _locks = [];

    /// <summary>Creates channels, each in its own class.</summary>
    public int[] Create(int count)
    {
        var channels = new int[count];
        for (var i = 0; i < count; i++)
        {
            channels[i] = _parents.Count;
            _parents.Add(_parents.Count);
            _locks.Add(null);
        }

        return channels;
    }

    /// <summary>Returns the class of a channel. A class is identified by one of its channels.</summary>
    public int Of(int channel)
    {
        while (_parents[channel] != channel)
            channel = _parents[channel] = _parents[_parents[channel]];
        return channel;
    }

    /// <summary>Merges the classes of two channels.</summary>
    public void Join(int first, int second)
    {
        var (kept, gone) = (Math.Min(Of(first), Of(second)), Math.Max(Of(first), Of(second)));
        if (kept == gone)
            return;
        _parents[gone] = kept;
        _locks[kept] ??= _locks[gone];
    }

    /// <summary>Merges the classes of two lists of channels, pair by pair.</summary>
    public void Join(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        for (var i = 0; i < first.Length; i++)
            Join(first[i], second[i]);
    }

    /// <summary>Locks the classes of some channels, so that they are not removed. The first reason of a class is kept.</summary>
    public void Lock(IEnumerable<int> channels, string why)
    {
        foreach (var channel in channels)
            _locks[Of(channel)] ??= why;
    }

    /// <summary>Returns the reason why the class of a channel is locked; null if it can be removed.</summary>
    public string? WhyLocked(int channel) => _locks[Of(channel)];
}
