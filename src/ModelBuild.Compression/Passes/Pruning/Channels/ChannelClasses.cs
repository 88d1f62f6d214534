namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Channels that can only go together are of one class (a disjoint-set forest). A locked class stays.</summary>
internal sealed class ChannelClasses
{
    private readonly List<int> _parents = [];
    private readonly List<string?> _locks = [];

    /// <summary>Makes channels, each in a class of its own.</summary>
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

    /// <summary>The class of a channel, named by one of its channels.</summary>
    public int Of(int channel)
    {
        while (_parents[channel] != channel)
            channel = _parents[channel] = _parents[_parents[channel]];
        return channel;
    }

    /// <summary>Makes one class of two.</summary>
    public void Join(int first, int second)
    {
        var (kept, gone) = (Math.Min(Of(first), Of(second)), Math.Max(Of(first), Of(second)));
        if (kept == gone)
            return;
        _parents[gone] = kept;
        _locks[kept] ??= _locks[gone];
    }

    /// <summary>Joins channels pair by pair.</summary>
    public void Join(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        for (var i = 0; i < first.Length; i++)
            Join(first[i], second[i]);
    }

    /// <summary>Keeps the classes of some channels from being removed; the first reason stands.</summary>
    public void Lock(IEnumerable<int> channels, string why)
    {
        foreach (var channel in channels)
            _locks[Of(channel)] ??= why;
    }

    /// <summary>Why the class of a channel has to stay; null where it may go.</summary>
    public string? WhyLocked(int channel) => _locks[Of(channel)];
}
